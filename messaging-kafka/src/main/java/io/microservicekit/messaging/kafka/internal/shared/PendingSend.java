package io.microservicekit.messaging.kafka.internal.shared;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message on its way to the broker and the future of its one outcome. The first outcome counts. */
public final class PendingSend {
    private final Message message;
    private final long timestampMillis;
    private final Duration timeout;
    private final long deadlineNanos;
    private final CompletableFuture<SendResult> future;
    private boolean waited;
    private boolean refused;
    private @Nullable PendingSend under;

    /** With the time of the runtime's clock until which it may wait: its timeout from now. */
    public PendingSend(
            Message message,
            long timestampMillis,
            Duration timeout,
            long deadlineNanos,
            CompletableFuture<SendResult> future) {
        this.message = message;
        this.timestampMillis = timestampMillis;
        this.timeout = timeout;
        this.deadlineNanos = deadlineNanos;
        this.future = future;
    }

    public Message message() {
        return message;
    }

    public String topic() {
        return message.topic();
    }

    public long timestampMillis() {
        return timestampMillis;
    }

    public CompletableFuture<SendResult> future() {
        return future;
    }

    public Duration timeout() {
        return timeout;
    }

    /** What is left of its time, zero or less when it has passed. */
    public long remainingNanos(long now) {
        return deadlineNanos - now;
    }

    /** The driver could not take it at once. */
    public void waits() {
        waited = true;
    }

    public boolean waited() {
        return waited;
    }

    /** In a stack of sends: over this one, null at the bottom. Whoever finds it in the stack sees that. */
    void putOver(@Nullable PendingSend send) {
        under = send;
    }

    @Nullable PendingSend under() {
        return under;
    }

    /** The broker has it. */
    public void delivered(SendResult result) {
        future.complete(result);
    }

    /** It ended without a confirmation. */
    public void failed(MessagingException error) {
        future.completeExceptionally(error);
    }

    /** It ended before the driver took it. */
    public void refused(MessagingException error) {
        refused = true;
        failed(error);
    }

    /** Whether it ended before the driver took it. On the thread that handed it to the driver. */
    public boolean wasRefused() {
        return refused;
    }
}
