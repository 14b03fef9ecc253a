package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.HandlerTimedOut;
import io.microservicekit.messaging.api.observe.MessageExhausted;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import io.microservicekit.messaging.core.internal.shared.CurrentCounts;
import io.microservicekit.messaging.core.internal.shared.LatencyHistogram;
import io.microservicekit.messaging.core.internal.shared.MessageCounts;
import java.time.Duration;

/**
 * Counts what happens to messages, without any metrics library; read it with {@link #snapshot()}. Thread-safe; one instance can be shared by
 * several clients. Counting takes no lock and allocates nothing per message.
 */
public final class MessagingMetrics implements MessagingObserver {
    private final CurrentCounts current = new CurrentCounts();

    /** Metrics with all counts at zero. */
    public MessagingMetrics() {}

    /**
     * The counts since the last reset. Counts that are moving while it is taken may differ by the messages under way.
     *
     * @return an immutable snapshot
     */
    public MetricsSnapshot snapshot() {
        MessageCounts counts = current.get();
        LatencyHistogram latency = counts.sendLatency();
        return new MetricsSnapshot(
                counts.messagesSent(),
                counts.messagesUnrouted(),
                counts.messagesConsumed(),
                counts.sendErrors(),
                counts.consumeErrors(),
                counts.retryCount(),
                counts.dlqCount(),
                counts.handlerTimeouts(),
                new MetricsSnapshot.SendLatency(
                        Duration.ofNanos(latency.average()),
                        Duration.ofNanos(latency.quantile(0.5)),
                        Duration.ofNanos(latency.quantile(0.99)),
                        Duration.ofNanos(latency.quantile(0.999)),
                        Duration.ofNanos(latency.max())),
                counts.topicSent(),
                counts.topicConsumed());
    }

    /** Sets all counts to zero at once: a snapshot is from before or from after it, never both. */
    public void reset() {
        current.reset();
    }

    @Override
    public void sent(SendResult result, long nanos) {
        MessageCounts counts = current.get();
        counts.sent(result.topic(), nanos);
        if (!result.routed()) {
            counts.unrouted();
        }
    }

    @Override
    public void sendFailed(String topic, MessagingException cause) {
        current.get().sendFailed();
    }

    @Override
    public void handled(ReceivedMessage message, long nanos) {
        current.get().handled(message.topic());
    }

    @Override
    public void retryScheduled(RetryScheduled event) {
        current.get().retryScheduled();
    }

    @Override
    public void exhausted(MessageExhausted event) {
        current.get().exhausted();
    }

    @Override
    public void deadLettered(DeadLettered event) {
        current.get().deadLettered();
    }

    @Override
    public void handlerTimedOut(HandlerTimedOut event) {
        current.get().handlerTimedOut();
    }
}
