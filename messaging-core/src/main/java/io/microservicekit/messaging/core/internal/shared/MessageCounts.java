package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.atomic.LongAdder;

/** All counts between two resets. */
public final class MessageCounts {
    public final LongAdder sent = new LongAdder();
    public final LongAdder consumed = new LongAdder();
    public final LongAdder sendErrors = new LongAdder();
    public final LongAdder consumeErrors = new LongAdder();
    public final LongAdder retries = new LongAdder();
    public final LongAdder deadLetters = new LongAdder();
    public final TopicCounts topicSent = new TopicCounts();
    public final TopicCounts topicConsumed = new TopicCounts();
    public final LatencyHistogram sendLatency = new LatencyHistogram();

    /** Counts at zero. */
    public MessageCounts() {}
}
