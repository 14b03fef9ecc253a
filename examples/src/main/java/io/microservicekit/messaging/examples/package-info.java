/** Programs that use the library as an application would: the demo, the quick start, a handler with its test. */
@NullMarked
package io.microservicekit.messaging.examples;

import org.jspecify.annotations.NullMarked;
