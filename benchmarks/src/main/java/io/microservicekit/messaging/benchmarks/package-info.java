/** Benchmarks of the building blocks; nothing in here is published. */
@NullMarked
package io.microservicekit.messaging.benchmarks;

import org.jspecify.annotations.NullMarked;
