package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.spi.Assignment;

/** What the engine passed to {@code acknowledge}; the array is a copy. */
final class Acknowledgement {
    private final Assignment assignment;
    private final long upTo;
    private final long[] alsoThese;

    Acknowledgement(Assignment assignment, long upTo, long[] alsoThese) {
        this.assignment = assignment;
        this.upTo = upTo;
        this.alsoThese = alsoThese.clone();
    }

    Assignment assignment() {
        return assignment;
    }

    long upTo() {
        return upTo;
    }

    long[] alsoThese() {
        return alsoThese;
    }

    long highest() {
        return alsoThese.length == 0 ? upTo : Math.max(upTo, alsoThese[alsoThese.length - 1]);
    }
}
