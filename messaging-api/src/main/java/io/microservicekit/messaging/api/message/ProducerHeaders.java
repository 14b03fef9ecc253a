package io.microservicekit.messaging.api.message;

/** The names of the headers that a producer adds when its options ask for it. Values are ASCII text. */
public final class ProducerHeaders {
    /**
     * An id by which consumers can tell a duplicate, 32 lower-case hex digits: {@code ProducerOptions.messageId(true)}. One that is there already
     * is kept.
     */
    public static final String MESSAGE_ID = "x-message-id";
    /** {@code 1} on a message that was sent before with an unknown outcome: {@code ProducerOptions.retryUnknown(true)}. */
    public static final String POSSIBLE_DUPLICATE = "x-possible-duplicate";

    private ProducerHeaders() {}
}
