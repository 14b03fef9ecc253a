package io.microservicekit.messaging.api.message;

/**
 * The names of the headers that a dead letter carries beside the original ones. The first five are those of the Go library's README, byte for
 * byte, and are readable by it; all values are UTF-8 text. Equal names of the original message are replaced.
 */
public final class DeadLetterHeaders {
    /** The topic the message was read from. */
    public static final String ORIGINAL_TOPIC = "x-original-topic";
    /** The partition it was read from, decimal; −1 where the broker has none. */
    public static final String ORIGINAL_PARTITION = "x-original-partition";
    /** The offset it was read at, decimal; −1 where the broker has none. */
    public static final String ORIGINAL_OFFSET = "x-original-offset";
    /** The text of the last error; its class name when it has no text; at most 1 KiB, cut at a character boundary. */
    public static final String ERROR_MESSAGE = "x-error-message";
    /** The consumer group that could not handle it. */
    public static final String CONSUMER_GROUP = "x-consumer-group";
    /** The class name of the last error. */
    public static final String ERROR_CLASS = "x-error-class";
    /** How many attempts were made, decimal. */
    public static final String ATTEMPTS = "x-attempts";
    /** When the last attempt failed, ISO-8601 in UTC. */
    public static final String FAILED_AT = "x-failed-at";

    /**
     * {@code 1} on a dead letter that carries no value because it would have been too large: the value is at the original position, as long as the
     * broker keeps it there.
     */
    public static final String POINTER = "x-dead-letter-pointer";

    private DeadLetterHeaders() {}
}
