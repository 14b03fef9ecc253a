package io.microservicekit.messaging.core.internal.shared;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts by topic; from the 201st topic on they share one count, so that foreign names cannot fill the memory. */
public final class TopicCounts {
    /** The name under which all further topics are counted. */
    public static final String OTHER = "_other";

    private static final int MAX_TOPICS = 200;

    private final ConcurrentSkipListMap<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final LongAdder topics = new LongAdder();

    /** No counts. */
    public TopicCounts() {}

    public void increment(String topic) {
        LongAdder known = counts.get(topic);
        (known == null ? added(topic) : known).increment();
    }

    private LongAdder added(String topic) {
        if (topics.sum() >= MAX_TOPICS) {
            return counts.computeIfAbsent(OTHER, name -> new LongAdder());
        }
        return counts.computeIfAbsent(topic, name -> {
            topics.increment();
            return new LongAdder();
        });
    }

    public SortedMap<String, Long> snapshot() {
        SortedMap<String, Long> sums = new TreeMap<>();
        counts.forEach((topic, count) -> sums.put(topic, count.sum()));
        return sums;
    }
}
