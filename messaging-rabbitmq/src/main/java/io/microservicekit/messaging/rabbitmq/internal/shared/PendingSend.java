package io.microservicekit.messaging.rabbitmq.internal.shared;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message on its way to the broker and the future of its one outcome. The first outcome counts. */
public final class PendingSend {
    private final String exchange;
    private final Message message;
    private final long timestampMillis;
    private final long deadlineNanos;
    private final CompletableFuture<SendResult> future;

    // All below guarded by the lock of the window as long as it is in there.
    /** The number of its confirmation, and its neighbours among those that are written. */
    long sequence;

    @Nullable PendingSend before;

    @Nullable PendingSend after;

    private @Nullable String returned;

    /** With the time of the runtime's clock at which its outcome is decided at the latest. */
    public PendingSend(
            String exchange,
            Message message,
            long timestampMillis,
            long deadlineNanos,
            CompletableFuture<SendResult> future) {
        this.exchange = exchange;
        this.message = message;
        this.timestampMillis = timestampMillis;
        this.deadlineNanos = deadlineNanos;
        this.future = future;
    }

    /** Where it goes to; empty for the default exchange. */
    public String exchange() {
        return exchange;
    }

    public Message message() {
        return message;
    }

    public long timestampMillis() {
        return timestampMillis;
    }

    public long deadlineNanos() {
        return deadlineNanos;
    }

    public CompletableFuture<SendResult> future() {
        return future;
    }

    boolean isOverdue(long now) {
        return deadlineNanos - now <= 0;
    }

    void returned(String reason) {
        returned = reason;
    }

    /** What the broker said when it returned it; null when it did not. To be asked by whoever took it out of the window. */
    public @Nullable String returnedWith() {
        return returned;
    }

    /** The broker has it. */
    public void delivered(boolean confirmed) {
        future.complete(new SendResult(message.topic(), -1, -1, timestampMillis, confirmed, returned == null));
    }

    /** It ended otherwise. */
    public void failed(MessagingException error) {
        future.completeExceptionally(error);
    }
}
