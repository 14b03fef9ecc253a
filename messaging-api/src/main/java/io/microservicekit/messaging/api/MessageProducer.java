package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sends messages. Thread-safe.
 *
 * <p>Each send ends in exactly one {@link io.microservicekit.messaging.api.message.SendOutcome outcome}: delivered (the result), not delivered or
 * unknown (a {@link io.microservicekit.messaging.api.message.SendException} that says which). Calls of one thread reach one partition in the
 * order of the calls. The message and its arrays are handed over: they are read until the send ends, never changed, and not copied.
 *
 * <p>Checks come before any driver call, in this order: closed, null, topic, limits. A topic is 1 to 249 of {@code a-z A-Z 0-9 . _ -}, other than
 * {@code .} and {@code ..}, on each backend. The name of a header is 1 to 255 bytes of UTF-8 without control characters, and not {@code CC} or
 * {@code BCC} in any case, which some brokers would route by. Names that the library itself uses are data like any other: {@code x-original-topic}
 * and its kin are replaced when the message becomes a dead letter, {@code x-message-id} is kept where it is present.
 *
 * <p>How many messages and bytes are without an outcome at once is bounded by {@link ProducerOptions#maxInFlight()} and
 * {@link ProducerOptions#maxInFlightBytes()}. At the bound {@code sendAsync} fails at once with SEND_QUEUE_FULL, not delivered; {@code send} and
 * {@code sendBatch} wait for room within their timeout, first come, first served, and before any {@code sendAsync}. Dead letters take no room.
 */
public interface MessageProducer extends AutoCloseable {
    /**
     * Sends a message and waits for the broker's confirmation, at most for the producer's send timeout. May be called in a handler.
     *
     * @param message the message, not null
     * @return where it went
     * @throws io.microservicekit.messaging.api.message.ClosedException PRODUCER_CLOSED or CLIENT_CLOSED; not delivered
     * @throws io.microservicekit.messaging.api.message.InvalidMessageException NIL_MESSAGE, EMPTY_TOPIC, MALFORMED_HEADER, MESSAGE_TOO_LARGE,
     *     SEND_MESSAGE for a topic that is no valid name; not delivered
     * @throws io.microservicekit.messaging.api.message.SendException SEND_MESSAGE and its narrower codes, TIMEOUT, AUTHENTICATION, AUTHORIZATION,
     *     PRODUCER_CLOSED when the producer is closed meanwhile; its outcome says whether sending again may make a duplicate. When no room
     *     came within the timeout: SEND_QUEUE_FULL, not delivered. Interrupted: the flag stays set, the outcome is unknown, or not delivered when
     *     the message was not handed over yet
     */
    SendResult send(Message message);

    /**
     * Sends a message and waits for the broker's confirmation.
     *
     * @param message the message, not null
     * @param timeout how long to wait, more than zero; afterwards the outcome is unknown, or not delivered if it was never handed over. The call
     *     returns at most 250 ms later: so long it waits for the backend to tell which of both
     * @return where it went
     * @throws io.microservicekit.messaging.api.message.ClosedException PRODUCER_CLOSED or CLIENT_CLOSED; not delivered
     * @throws io.microservicekit.messaging.api.message.InvalidMessageException as {@link #send(Message)}; not delivered
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

    /**
     * Sends messages, many under way at once, and waits until each has its outcome, at most for the producer's send timeout. Not atomic: when
     * some are not delivered, others are.
     *
     * @param messages the messages, none of them null; read before this method returns, not kept
     * @return where each went; all are delivered. Empty for an empty list
     * @throws NullPointerException when {@code messages} is null
     * @throws io.microservicekit.messaging.api.message.ClosedException PRODUCER_CLOSED or CLIENT_CLOSED; nothing was sent
     * @throws io.microservicekit.messaging.api.message.InvalidMessageException NIL_MESSAGE, EMPTY_TOPIC and the other codes of
     *     {@link #send(Message)}: the code of the first message that is wrong, the text names all of them by index; nothing was sent
     * @throws io.microservicekit.messaging.api.message.BatchSendException BATCH_SEND: at least one was not confirmed; carries the outcome of each.
     *     Interrupted: the flag stays set, what was not handed over is not delivered, what has no outcome yet is unknown
     * @throws io.microservicekit.messaging.api.message.SendException SEND_MESSAGE when this thread must not wait; nothing was sent
     */
    BatchResult sendBatch(List<Message> messages);

    /**
     * As {@link #sendBatch(List)}, with a timeout for the whole batch.
     *
     * @param messages the messages, none of them null; read before this method returns, not kept
     * @param timeout how long to wait for all of them together, more than zero; what has no outcome then is unknown, or not delivered if it was
     *     never handed over
     * @return where each went; all are delivered. Empty for an empty list
     * @throws NullPointerException when {@code messages} or {@code timeout} is null
     * @throws io.microservicekit.messaging.api.message.ClosedException as {@link #sendBatch(List)}; nothing was sent
     * @throws io.microservicekit.messaging.api.message.InvalidMessageException as {@link #sendBatch(List)}; nothing was sent
     * @throws io.microservicekit.messaging.api.message.BatchSendException as {@link #sendBatch(List)}
     * @throws io.microservicekit.messaging.api.message.SendException as {@link #sendBatch(List)}, and TIMEOUT when the timeout is not more than
     *     zero; nothing was sent
     */
    BatchResult sendBatch(List<Message> messages, Duration timeout);

    /**
     * Flushes pending sends up to the send timeout, then closes; the rest end not delivered or unknown. Idempotent. Called in a handler, or on another
     * thread of the client, it starts that and returns at once, before the flush has ended. Interrupted: what is pending ends at once, and the flag
     * stays set.
     */
    @Override
    void close();
}
