package io.microservicekit.messaging.api.spi;

import java.util.Objects;

/**
 * The names of topics that can be written on each backend: what one of them cannot write, none takes. The source of the rule is Kafka, the strictest of
 * them. Stateless and thread-safe.
 */
public final class TopicNames {
    /** The rule as a sentence, for the text of an error. */
    public static final String RULE = "Use 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-', other than '.' and '..'.";

    private static final int MOST = 249;

    private TopicNames() {}

    /**
     * Whether messages can be sent to a topic of that name. Allocates nothing.
     *
     * @param topic the name
     * @return true when it keeps to {@link #RULE}
     */
    public static boolean isValid(String topic) {
        int length = Objects.requireNonNull(topic, "topic").length();
        if (length == 0 || length > MOST || topic.equals(".") || topic.equals("..")) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (!isAllowed(topic.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
