package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.spi.Assignment;

/** What the engine passed to {@code acknowledge}. */
record Acknowledgement(Assignment assignment, long upTo, long[] alsoThese) {
    long highest() {
        return alsoThese.length == 0 ? upTo : Math.max(upTo, alsoThese[alsoThese.length - 1]);
    }
}
