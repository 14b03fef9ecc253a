package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages of one producer. Thread-safe. The engine has checked message, topic and names of headers, has asked {@link #refusal}, and bounds
 * how much is without an outcome at once, dead letters aside: these are bounded by what their consumer has in flight.
 */
public interface BackendProducer {
    /**
     * What is wrong with a message, as far as it can be told without the broker: that it is larger than a limit, for example. Asked before each
     * send, and for all messages of a batch before the first of them is sent. Quick, without effect.
     *
     * @param message the message
     * @return why it cannot be sent, null when nothing is known against it
     */
    default @Nullable MessagingException refusal(Message message) {
        return null;
    }

    /**
     * What is wrong with a dead letter, as {@link #refusal} says it of a message. Another answer is right where {@link #sendDeadLetter} writes what a
     * send refuses: the headers of a dead letter are somebody else's, and what waits behind it would wait for ever.
     *
     * @param message the dead letter, its topic being the destination
     * @return why it cannot be sent, null when nothing is known against it
     */
    default @Nullable MessagingException deadLetterRefusal(Message message) {
        return refusal(message);
    }

    /**
     * Sends a message. Never blocks and never throws; calls of one thread reach one partition in the order of the calls.
     *
     * @param message the message; its arrays are read until the future ends
     * @param timeout when the outcome is decided at the latest
     * @return ends exactly once: normally when the broker confirmed, exceptionally with a {@code SendException} or {@code InvalidMessageException}
     *     that tells the outcome; completed on a thread or loop of the adapter
     */
    CompletableFuture<SendResult> send(Message message, Duration timeout);

    /**
     * Sends a dead letter to its destination. Differs from {@link #send} only where the two go different ways (on RabbitMQ dead letters go to the
     * default exchange with the topic as queue name).
     *
     * @param message the dead letter, its topic being the destination
     * @param timeout when the outcome is decided at the latest
     * @return as {@link #send}
     */
    default CompletableFuture<SendResult> sendDeadLetter(Message message, Duration timeout) {
        return send(message, timeout);
    }

    /**
     * What keeps messages from reaching the broker at present, although a broker answers to {@link Backend#probe()}: an alarm by which it reads nothing
     * from those who send, an exchange that does not exist. It goes on trying by itself. Asked by health checks only, on any thread; answers at once
     * from what is known.
     *
     * @return the middle of a sentence without a full stop, or null when nothing does
     */
    default @Nullable String impediment() {
        return null;
    }

    /**
     * Flushes what is pending, then closes.
     *
     * @param limit how long the flush may take; the rest ends not delivered or unknown
     * @return completes normally, always, with the number of sends that ended without a confirmation
     */
    CompletableFuture<Long> close(Duration limit);
}
