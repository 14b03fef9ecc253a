package io.microservicekit.messaging.kafka.internal;

/** Names from outside, made fit for errors and logs. Which names of topics may be sent to is the engine's rule, and Kafka's. */
final class TopicName {
    private static final int MAX_LENGTH = 249;

    private TopicName() {}

    /** Control characters escaped, cut where a name of Kafka ends. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return shown.toString();
    }
}
