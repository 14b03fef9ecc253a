/** Real brokers that a test starts, kills, freezes and restarts, and their JUnit extensions. */
@NullMarked
package io.microservicekit.messaging.testkit.junit;

import org.jspecify.annotations.NullMarked;
