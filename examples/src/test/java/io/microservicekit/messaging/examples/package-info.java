/** The examples, run as tests. */
@NullMarked
package io.microservicekit.messaging.examples;

import org.jspecify.annotations.NullMarked;
