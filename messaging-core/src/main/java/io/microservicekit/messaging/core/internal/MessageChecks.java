package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.TopicNames;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The rules for topics and names of headers that hold on each backend: what one of them cannot write, none takes. */
final class MessageChecks {
    private static final int MAX_HEADER_BYTES = 255;
    private static final int MAX_BYTES_PER_CHAR = 3;

    private MessageChecks() {}

    /** Why a message cannot be sent anywhere, null when it can. */
    static @Nullable InvalidMessageException problem(@Nullable Message message) {
        if (message == null) {
            return new InvalidMessageException(
                    ErrorCode.NIL_MESSAGE,
                    "Sending was not tried: the message is null. Make one with Message.builder(topic).");
        }
        InvalidMessageException topic = topicProblem(message.topic());
        return topic == null ? headerProblem(message) : topic;
    }

    static @Nullable InvalidMessageException topicProblem(String topic) {
        if (topic.isBlank()) {
            return new InvalidMessageException(
                    ErrorCode.EMPTY_TOPIC, "Sending was not tried: the topic is blank. Give Message.builder a topic.");
        }
        return TopicNames.isValid(topic)
                ? null
                : new InvalidMessageException(
                        ErrorCode.SEND_MESSAGE,
                        "Sending was not tried: topic '" + Shown.text(topic) + "' is not a valid name. "
                                + TopicNames.RULE);
    }

    private static @Nullable InvalidMessageException headerProblem(Message message) {
        if (message.headers().size() > 0) {
            try {
                message.headers().forEach((name, value) -> checkName(name));
            } catch (IllegalArgumentException e) {
                return new InvalidMessageException(
                        ErrorCode.MALFORMED_HEADER,
                        "Sending to topic '" + message.topic() + "' was not tried: " + e.getMessage(),
                        e);
            }
        }
        return null;
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a header is empty. Give it a name.");
        }
        if (name.equalsIgnoreCase("CC") || name.equalsIgnoreCase("BCC")) {
            throw new IllegalArgumentException(
                    "header '" + name + "' would make some brokers route the message elsewhere. Use another name.");
        }
        if (name.length() * MAX_BYTES_PER_CHAR > MAX_HEADER_BYTES && bytes(name) > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException("the name of header '" + Shown.text(name) + "' has " + bytes(name)
                    + " bytes of UTF-8, may have " + MAX_HEADER_BYTES + ". Use a shorter one.");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "the name of header '" + Shown.text(name) + "' has a control character. Use a name without.");
        }
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
