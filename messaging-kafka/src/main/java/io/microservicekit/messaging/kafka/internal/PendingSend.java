package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A message on its way to the broker and the future of its one outcome. The first outcome counts. */
final class PendingSend {
    private final Message message;
    private final long timestampMillis;
    private final long sentNanos;
    private final Duration timeout;
    private final CompletableFuture<SendResult> future;
    private boolean waited;

    PendingSend(
            Message message,
            long timestampMillis,
            long sentNanos,
            Duration timeout,
            CompletableFuture<SendResult> future) {
        this.message = message;
        this.timestampMillis = timestampMillis;
        this.sentNanos = sentNanos;
        this.timeout = timeout;
        this.future = future;
    }

    Message message() {
        return message;
    }

    String topic() {
        return message.topic();
    }

    long timestampMillis() {
        return timestampMillis;
    }

    CompletableFuture<SendResult> future() {
        return future;
    }

    /** Key and value; what headers add is small beside the bound it counts towards. */
    long bytes() {
        byte[] key = message.key();
        byte[] value = message.value();
        return (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
    }

    Duration timeout() {
        return timeout;
    }

    /** What is left of its time, zero or less when it has passed. */
    long remainingNanos(long now) {
        return Nanos.of(timeout) - (now - sentNanos);
    }

    /** The driver could not take it at once. */
    void waits() {
        waited = true;
    }

    boolean waited() {
        return waited;
    }

    void delivered(SendResult result) {
        future.complete(result);
    }

    void failed(MessagingException error) {
        future.completeExceptionally(error);
    }
}
