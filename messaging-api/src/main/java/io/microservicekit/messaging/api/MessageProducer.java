package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Sends messages. Thread-safe.
 *
 * <p>Each send ends in exactly one {@link io.microservicekit.messaging.api.message.SendOutcome outcome}: delivered (the result), not delivered or
 * unknown (a {@link io.microservicekit.messaging.api.message.SendException} that says which). Calls of one thread reach one partition in the
 * order of the calls. The message and its arrays are handed over: they are read until the send ends, never changed, and not copied.
 *
 * <p>Checks come before any driver call, in this order: closed, null, topic, limits.
 */
public interface MessageProducer extends AutoCloseable {
    /**
     * Sends a message and waits for the broker's confirmation, at most for the producer's send timeout. May be called in a handler.
     *
     * @param message the message, not null
     * @return where it went
     * @throws io.microservicekit.messaging.api.message.ClosedException PRODUCER_CLOSED or CLIENT_CLOSED; not delivered
     * @throws io.microservicekit.messaging.api.message.InvalidMessageException NIL_MESSAGE, EMPTY_TOPIC; not delivered
     * @throws io.microservicekit.messaging.api.message.SendException SEND_MESSAGE and its narrower codes, TIMEOUT; its outcome says whether
     *     sending again may make a duplicate. Interrupted: the flag stays set, the outcome is unknown
     */
    SendResult send(Message message);

    /**
     * Sends a message and waits for the broker's confirmation.
     *
     * @param message the message, not null
     * @param timeout how long to wait, more than zero; afterwards the outcome is unknown, or not delivered if it was never handed over
     * @return where it went
     * @throws io.microservicekit.messaging.api.message.ClosedException PRODUCER_CLOSED or CLIENT_CLOSED; not delivered
     * @throws io.microservicekit.messaging.api.message.InvalidMessageException NIL_MESSAGE, EMPTY_TOPIC; not delivered
     * @throws io.microservicekit.messaging.api.message.SendException as {@link #send(Message)}
     */
    SendResult send(Message message, Duration timeout);

    /**
     * Sends a message without waiting: never blocks, also with the broker down, and never throws; each failure arrives in the future.
     *
     * @param message the message; null arrives as NIL_MESSAGE in the future
     * @return completes on the backend's I/O thread with the result, or exceptionally with the exceptions of {@link #send(Message)} themselves;
     *     its continuations must not block. Cancelling it does not take the message back
     */
    CompletableFuture<SendResult> sendAsync(Message message);

    /** Flushes pending sends up to the send timeout, then closes; the rest end not delivered or unknown. Idempotent. */
    @Override
    void close();
}
