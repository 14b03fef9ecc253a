package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;

/** Assertions on the messages of one topic of a {@link MemoryBroker}. Each reads the broker's present state; none waits. */
public final class MemoryTopicAssert extends AbstractAssert<MemoryTopicAssert, List<StoredMessage>> {
    private static final String[] REQUIRED = {
        DeadLetterHeaders.ORIGINAL_TOPIC,
        DeadLetterHeaders.ORIGINAL_PARTITION,
        DeadLetterHeaders.ORIGINAL_OFFSET,
        DeadLetterHeaders.ERROR_MESSAGE,
        DeadLetterHeaders.CONSUMER_GROUP
    };

    private final MemoryBrokerAssert broker;
    private final String topic;

    MemoryTopicAssert(MemoryBrokerAssert assertions, MemoryBroker broker, String topic) {
        super(broker.messages(topic), MemoryTopicAssert.class);
        this.broker = assertions;
        this.topic = topic;
    }

    /**
     * Fails unless the topic has a dead letter, with all five headers, whose error message contains a text.
     *
     * @param errorText part of {@code x-error-message}
     * @return this
     */
    public MemoryTopicAssert hasDeadLetter(String errorText) {
        Objects.requireNonNull(errorText, "errorText");
        List<String> errors = new ArrayList<>();
        for (StoredMessage stored : actual) {
            Headers headers = stored.message().headers();
            String error = headers.text(DeadLetterHeaders.ERROR_MESSAGE);
            errors.add(String.valueOf(error));
            if (error != null && error.contains(errorText)) {
                return hasAllHeaders(headers);
            }
        }
        failWithMessage(
                "Expected a dead letter in <%s> whose x-error-message contains <%s>, but the error messages of its"
                        + " <%s> messages are <%s>",
                topic, errorText, actual.size(), errors);
        return this;
    }

    private MemoryTopicAssert hasAllHeaders(Headers headers) {
        for (String name : REQUIRED) {
            if (headers.bytes(name) == null) {
                failWithMessage(
                        "Expected the dead letter in <%s> to have a header <%s>, but it has <%s>",
                        topic, name, headers);
            }
        }
        return this;
    }

    /**
     * Fails unless this many messages were ever stored under the topic.
     *
     * @param expected how many
     * @return this
     */
    public MemoryTopicAssert hasSize(int expected) {
        if (actual.size() != expected) {
            failWithMessage(
                    "Expected <%s> to hold <%s> messages, but it holds <%s>: %s",
                    topic, expected, actual.size(), actual);
        }
        return this;
    }

    /**
     * Fails when a message was ever stored under the topic.
     *
     * @return this
     */
    public MemoryTopicAssert isEmpty() {
        return hasSize(0);
    }

    /**
     * As {@link MemoryBrokerAssert#nothingLost()}, for the whole broker.
     *
     * @return this
     */
    public MemoryTopicAssert nothingLost() {
        broker.nothingLost();
        return this;
    }

    /**
     * Goes back to the broker.
     *
     * @return assertions on the broker
     */
    public MemoryBrokerAssert broker() {
        return broker;
    }
}
