/** Simulated time, threads and randomness for tests, a broker in memory, and assertions on it. */
@NullMarked
package io.microservicekit.messaging.testkit;

import org.jspecify.annotations.NullMarked;
