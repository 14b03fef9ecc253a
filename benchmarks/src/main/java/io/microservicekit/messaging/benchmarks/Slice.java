package io.microservicekit.messaging.benchmarks;

/** A part of an array of records that nobody writes to any more; nothing is copied to make a run. */
final class Slice {
    private final Long[] all;
    private final int from;
    private final int to;

    Slice(Long[] all, int from, int to) {
        this.all = all;
        this.from = from;
        this.to = to;
    }

    Long at(int index) {
        return all[from + index];
    }

    Long[] all() {
        return all;
    }

    int size() {
        return to - from;
    }

    /** The first records from an index on, at most {@code limit}. */
    Slice part(int index, int limit) {
        int start = from + index;
        return new Slice(all, start, Math.min(to, start + limit));
    }
}
