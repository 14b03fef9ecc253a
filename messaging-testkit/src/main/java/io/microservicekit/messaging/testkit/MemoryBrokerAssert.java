package io.microservicekit.messaging.testkit;

import java.util.Objects;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a {@link MemoryBroker}. Each reads the broker's present state; none waits. */
public final class MemoryBrokerAssert extends AbstractAssert<MemoryBrokerAssert, MemoryBroker> {
    MemoryBrokerAssert(MemoryBroker actual) {
        super(actual, MemoryBrokerAssert.class);
    }

    /**
     * Goes on with one topic.
     *
     * @param topic the topic, or the queue of dead letters
     * @return assertions on it
     */
    public MemoryTopicAssert topic(String topic) {
        isNotNull();
        return new MemoryTopicAssert(this, actual, Objects.requireNonNull(topic, "topic"));
    }

    /**
     * Fails when a message is lost to a group, or when a client broke the protocol. Nothing is lost when each message stored since the group's pin
     * is acknowledged after it was delivered, or still to be delivered (again).
     *
     * @return this
     */
    public MemoryBrokerAssert nothingLost() {
        isNotNull();
        if (!actual.losses().isEmpty()) {
            failWithMessage("Expected nothing to be lost, but: %s", actual.losses());
        }
        return keepsTheProtocol();
    }

    /**
     * Fails when a client broke the protocol, see {@link MemoryBroker#violations()}.
     *
     * @return this
     */
    public MemoryBrokerAssert keepsTheProtocol() {
        isNotNull();
        if (!actual.violations().isEmpty()) {
            failWithMessage("Expected no violation of the protocol, but: %s", actual.violations());
        }
        return this;
    }

    /**
     * Fails unless a group has acknowledged everything that was stored for it.
     *
     * @param group the consumer group
     * @return this
     */
    public MemoryBrokerAssert hasAcknowledgedAll(String group) {
        isNotNull();
        long lag = actual.lag(group);
        if (lag != 0) {
            failWithMessage(
                    "Expected group <%s> to have acknowledged everything, but <%s> messages are left, <%s> of them"
                            + " delivered",
                    group, lag, actual.unacknowledged(group));
        }
        return this;
    }
}
