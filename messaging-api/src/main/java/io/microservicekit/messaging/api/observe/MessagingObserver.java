package io.microservicekit.messaging.api.observe;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;

/**
 * Is told what happens to messages; can only watch. All methods do nothing by default.
 *
 * <p><b>Called on</b> the thread that did the step (a handler thread, an event loop, a backend's I/O thread), possibly on several at once: an
 * observer must be thread-safe, quick, and must not block. One that throws is logged once and changes nothing.
 */
public interface MessagingObserver {
    /**
     * A message was confirmed by the broker.
     *
     * @param result where it went
     * @param nanos from the moment at which there was room for it until the confirmation, in nanoseconds
     */
    default void sent(SendResult result, long nanos) {}

    /**
     * A send ended without confirmation; also one that got no room (SEND_QUEUE_FULL). A message that was refused because it is wrong, or because the
     * producer is closed, was no send.
     *
     * @param topic the topic of the message
     * @param cause why, never null
     */
    default void sendFailed(String topic, MessagingException cause) {}

    /**
     * The handler returned normally: the message is handled, once.
     *
     * @param message the message
     * @param nanos how long the handler ran, in nanoseconds
     */
    default void handled(ReceivedMessage message, long nanos) {}

    /**
     * The handler threw: one attempt failed.
     *
     * @param message the message with its attempt
     * @param cause what the handler threw
     * @param nanos how long the handler ran, in nanoseconds
     */
    default void handlerFailed(ReceivedMessage message, Throwable cause, long nanos) {}

    /**
     * A handler exceeds {@code handlerTimeout}: told once per call, within 0.2 s, while the call goes on.
     *
     * @param event which message, how long
     */
    default void handlerTimedOut(HandlerTimedOut event) {}

    /**
     * A further attempt was scheduled.
     *
     * @param event which message, when, why
     */
    default void retryScheduled(RetryScheduled event) {}

    /**
     * No further attempt is due for a message; the exhausted policy takes over.
     *
     * @param event which message, why
     */
    default void exhausted(MessageExhausted event) {}

    /**
     * A dead letter was confirmed by the broker; its source may now be acknowledged.
     *
     * @param event which message, where to
     */
    default void deadLettered(DeadLettered event) {}

    /**
     * A dead letter could not be written; the source stays un-acknowledged and it will be tried again.
     *
     * @param event which message, why, when again
     */
    default void deadLetterFailed(DeadLetterFailed event) {}

    /**
     * The result of a handler arrived after its assignment was lost; it was dropped and the messages will be delivered again.
     *
     * @param event how many messages of which topic and partition
     */
    default void resultDropped(ResultDropped event) {}

    /**
     * The broker no longer has the position a group had committed; reading goes on elsewhere.
     *
     * @param event from where to where
     */
    default void positionReset(PositionReset event) {}

    /**
     * A subscription ended as failed; its {@code completion()} is exceptional.
     *
     * @param group the consumer group
     * @param cause why
     */
    default void subscriptionFailed(String group, MessagingException cause) {}
}
