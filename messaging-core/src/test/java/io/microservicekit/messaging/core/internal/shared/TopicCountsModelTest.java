package io.microservicekit.messaging.core.internal.shared;

import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads meet new topics at the limit, which is two here. The sums are read when all is quiet: while counts move they are of no single moment. */
@Param(name = "topic", gen = IntGen.class, conf = "1:4")
public class TopicCountsModelTest {
    private static final int MAX = 2;

    private final TopicCounts counts = new TopicCounts(MAX);
    private final AtomicInteger increments = new AtomicInteger();

    @Operation
    public void increment(@Param(name = "topic") int topic) {
        counts.increment("topic-" + topic);
        increments.incrementAndGet();
    }

    @Validate
    public void nothingIsLostAndTheLimitIsExact() {
        SortedMap<String, Long> sums = counts.snapshot();
        long total = sums.values().stream().mapToLong(Long::longValue).sum();
        int own = sums.containsKey(TopicCounts.OTHER) ? sums.size() - 1 : sums.size();
        boolean otherTooEarly = sums.containsKey(TopicCounts.OTHER) && own < MAX;
        if (total != increments.get() || own > MAX || otherTooEarly) {
            throw new IllegalStateException(increments + " increments, at most " + MAX + " topics, but " + sums);
        }
    }

    @Test
    @Tag("long-model")
    void theLimitOfTopicsIsExactAndNoCountIsLost() {
        Interleavings.check(TopicCountsModelTest.class);
    }

    @Test
    void theSameHoldsOnRealThreads() {
        Interleavings.stress(TopicCountsModelTest.class);
    }
}
