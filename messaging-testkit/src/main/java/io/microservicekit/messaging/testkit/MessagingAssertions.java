package io.microservicekit.messaging.testkit;

import java.util.Objects;

/** The door to this library's assertions; needs AssertJ. Its {@code assertThat} can be imported statically beside AssertJ's own. */
public final class MessagingAssertions {
    private MessagingAssertions() {}

    /**
     * Assertions on a broker.
     *
     * @param actual the broker
     * @return assertions that fail with an {@code AssertionError}
     */
    public static MemoryBrokerAssert assertThat(MemoryBroker actual) {
        return new MemoryBrokerAssert(Objects.requireNonNull(actual, "actual"));
    }
}
