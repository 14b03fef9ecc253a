package io.microservicekit.messaging.rabbitmq.internal.link;

/**
 * The broker's answers on a publishing channel. Confirmations and returns come on the driver's reading thread, in the broker's order (a return before
 * the confirmation of its message); the end comes on the loop of the connection, after all of them.
 */
public interface PublishingEvents {
    /** The broker has taken a message, and with {@code multiple} all with lower numbers. */
    void confirmed(long sequence, boolean multiple);

    /** The broker has refused a message, and with {@code multiple} all with lower numbers that are not confirmed. */
    void rejected(long sequence, boolean multiple);

    /**
     * No queue takes a message; its confirmation follows all the same.
     *
     * @param publishMark the header {@code x-publish-seq} as we wrote it, null when it is missing
     */
    void returned(@org.jspecify.annotations.Nullable String publishMark, int code, String text);

    /** The channel is gone: what is unconfirmed has an unknown outcome. Called once. */
    void closed(Closure closure);
}
