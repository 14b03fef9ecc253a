package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import org.jspecify.annotations.Nullable;

/** Kafka's rule for topic names, checked before the driver, which would only time out. */
final class TopicName {
    private static final int MAX_LENGTH = 249;

    private TopicName() {}

    static boolean valid(String topic) {
        int length = topic.length();
        if (length < 1 || length > MAX_LENGTH || topic.equals(".") || topic.equals("..")) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (!allowed(topic.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean allowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
    }

    /** The error of a message with an invalid topic, null when it is valid. */
    static @Nullable InvalidMessageException problem(String topic) {
        if (valid(topic)) {
            return null;
        }
        return new InvalidMessageException(
                topic.isBlank() ? ErrorCode.EMPTY_TOPIC : ErrorCode.SEND_MESSAGE,
                "Sending a message failed: topic '" + printable(topic)
                        + "' is not a Kafka topic name. Use 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-', other than '.' and '..'.");
    }

    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return shown.toString();
    }
}
