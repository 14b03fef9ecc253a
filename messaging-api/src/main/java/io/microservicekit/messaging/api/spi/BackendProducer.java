package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends messages of one producer. Thread-safe; the engine has checked message and topic for null and blank before. */
public interface BackendProducer {
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
     * Flushes what is pending, then closes.
     *
     * @param limit how long the flush may take; the rest ends not delivered or unknown
     * @return completes normally, always, with the number of sends that ended without a confirmation
     */
    CompletableFuture<Long> close(Duration limit);
}
