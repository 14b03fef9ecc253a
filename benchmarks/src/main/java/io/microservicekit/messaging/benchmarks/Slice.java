package io.microservicekit.messaging.benchmarks;

/** A part of an array of records that nobody writes to any more; nothing is copied to make a run. */
record Slice(Long[] all, int from, int to) {
    Long at(int index) {
        return all[from + index];
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
