package io.microservicekit.messaging.core.internal.shared;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts by topic; from the 201st topic on they share one count, so that foreign names cannot fill the memory. Counting a known topic takes no
 * lock; a new one takes it, so that the limit is exact.
 */
public final class TopicCounts {
    /** The name under which all further topics are counted. */
    public static final String OTHER = "_other";

    private static final int MAX_TOPICS = 200;

    private final int maxTopics;
    private final ReentrantLock adding = new ReentrantLock();
    private final ConcurrentSkipListMap<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final LongAdder other = new LongAdder();
    private volatile boolean full;

    /** No counts. */
    public TopicCounts() {
        this(MAX_TOPICS);
    }

    TopicCounts(int maxTopics) {
        this.maxTopics = maxTopics;
    }

    public void increment(String topic) {
        boolean complete = full; // read before the map: what a full map does not know is never added
        LongAdder known = counts.get(topic);
        if (known == null) {
            known = complete ? other : added(topic);
        }
        known.increment();
    }

    private LongAdder added(String topic) {
        adding.lock();
        try {
            LongAdder known = counts.get(topic);
            if (known != null || full) {
                return known == null ? other : known;
            }
            LongAdder count = new LongAdder();
            counts.put(topic, count);
            full = counts.size() == maxTopics;
            return count;
        } finally {
            adding.unlock();
        }
    }

    public SortedMap<String, Long> snapshot() {
        SortedMap<String, Long> sums = new TreeMap<>();
        counts.forEach((topic, count) -> sums.put(topic, count.sum()));
        long others = other.sum();
        if (others > 0) {
            sums.merge(OTHER, others, Long::sum);
        }
        return sums;
    }
}
