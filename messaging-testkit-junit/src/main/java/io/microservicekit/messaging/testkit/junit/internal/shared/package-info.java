/** What the threads of a fault proxy share with the test that changes the faults. */
@NullMarked
package io.microservicekit.messaging.testkit.junit.internal.shared;

import org.jspecify.annotations.NullMarked;
