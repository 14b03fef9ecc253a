package io.microservicekit.messaging.core.internal.shared;

import java.util.SortedMap;
import java.util.concurrent.atomic.LongAdder;

/** All counts between two resets. Counting allocates nothing once a topic is known. */
public final class MessageCounts {
    private final LongAdder sent = new LongAdder();
    private final LongAdder unrouted = new LongAdder();
    private final LongAdder consumed = new LongAdder();
    private final LongAdder sendErrors = new LongAdder();
    private final LongAdder consumeErrors = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder deadLetters = new LongAdder();
    private final LongAdder handlerTimeouts = new LongAdder();
    private final TopicCounts topicSent = new TopicCounts();
    private final TopicCounts topicConsumed = new TopicCounts();
    private final LatencyHistogram sendLatency = new LatencyHistogram();

    /** Counts at zero. */
    public MessageCounts() {}

    public void sent(String topic, long nanos) {
        sent.increment();
        topicSent.increment(topic);
        sendLatency.record(nanos);
    }

    public void unrouted() {
        unrouted.increment();
    }

    public void sendFailed() {
        sendErrors.increment();
    }

    public void handled(String topic) {
        consumed.increment();
        topicConsumed.increment(topic);
    }

    public void retryScheduled() {
        retries.increment();
    }

    public void exhausted() {
        consumeErrors.increment();
    }

    public void deadLettered() {
        deadLetters.increment();
    }

    public void handlerTimedOut() {
        handlerTimeouts.increment();
    }

    public long messagesSent() {
        return sent.sum();
    }

    public long messagesUnrouted() {
        return unrouted.sum();
    }

    public long messagesConsumed() {
        return consumed.sum();
    }

    public long sendErrors() {
        return sendErrors.sum();
    }

    public long consumeErrors() {
        return consumeErrors.sum();
    }

    public long retryCount() {
        return retries.sum();
    }

    public long dlqCount() {
        return deadLetters.sum();
    }

    public long handlerTimeouts() {
        return handlerTimeouts.sum();
    }

    public LatencyHistogram sendLatency() {
        return sendLatency;
    }

    public SortedMap<String, Long> topicSent() {
        return topicSent.snapshot();
    }

    public SortedMap<String, Long> topicConsumed() {
        return topicConsumed.snapshot();
    }
}
