package io.microservicekit.messaging.core.internal.shared;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations in log-linear buckets: 64 per power of two, so that a quantile is off by less than 2 %. No allocation, no lock. */
public final class LatencyHistogram {
    private static final int SUB_BITS = 6;
    private static final int SUB = 1 << SUB_BITS;

    private final AtomicLongArray buckets = new AtomicLongArray((64 - SUB_BITS) * SUB);
    private final LongAdder count = new LongAdder();
    private final LongAdder sum = new LongAdder();
    private final LongAccumulator max = new LongAccumulator(Math::max, 0);

    /** An empty histogram. */
    public LatencyHistogram() {}

    /** Counts one duration; negative ones count as zero. */
    public void record(long nanos) {
        long value = Math.max(0, nanos);
        buckets.getAndIncrement(bucket(value));
        count.increment();
        sum.add(value);
        max.accumulate(value);
    }

    public long max() {
        return max.get();
    }

    public long average() {
        long n = count.sum();
        return n == 0 ? 0 : sum.sum() / n;
    }

    /** The value below or at which a share of the recorded durations lies, 0 when there are none. */
    public long quantile(double share) {
        long total = 0;
        for (int i = 0; i < buckets.length(); i++) {
            total += buckets.get(i);
        }
        long rank = Math.max(1, (long) Math.ceil(total * share));
        long seen = 0;
        for (int i = 0; i < buckets.length(); i++) {
            seen += buckets.get(i);
            if (seen >= rank && total > 0) {
                return Math.min(middle(i), max());
            }
        }
        return 0;
    }

    private static int bucket(long value) {
        if (value < SUB) {
            return (int) value;
        }
        int shift = 63 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return (shift + 1) * SUB + (int) ((value >>> shift) - SUB);
    }

    private static long middle(int bucket) {
        if (bucket < SUB) {
            return bucket;
        }
        int shift = bucket / SUB - 1;
        long low = (long) (bucket % SUB + SUB) << shift;
        return low + ((1L << shift) >> 1);
    }
}
