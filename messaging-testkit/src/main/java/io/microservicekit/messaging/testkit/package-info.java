/** Simulated time, threads and randomness for tests, and what tests ask of them. */
@NullMarked
package io.microservicekit.messaging.testkit;

import org.jspecify.annotations.NullMarked;
