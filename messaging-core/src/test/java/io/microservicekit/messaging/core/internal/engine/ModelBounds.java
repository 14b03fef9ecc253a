package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.core.internal.engine.ModelStep.Kind;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How large the model world is and how the subscriptions in it are configured. The budgets are totals over a history. Kinds of steps that are left
 * out keep a world small: without START a run begins at once, without COMMIT_APPLIED the broker applies what is sent at once, without FENCE a
 * member learns at once that its assignment is lost.
 */
record ModelBounds(
        String name,
        int partitions,
        int offsets,
        int assignments,
        int crashes,
        int stops,
        int fails,
        int fatals,
        int letterFails,
        int holds,
        int pauses,
        Set<Kind> without,
        String keys,
        EngineLimits limits) {
    /** Attempts of a message before it is exhausted: one retry. */
    static final int ATTEMPTS = 2;

    boolean has(Kind kind) {
        return !without.contains(kind);
    }

    /** The key of an offset, null for none. */
    byte @Nullable [] key(int offset) {
        char key = keys.isEmpty() ? '-' : keys.charAt(offset);
        return key == '-' ? null : new byte[] {(byte) key};
    }

    boolean isByKey() {
        return limits.ordering() == OrderingMode.KEY;
    }

    /** In which lane an offset is, by the first offset that may be in it. */
    int lane(int offset) {
        return switch (limits.ordering()) {
            case PARTITION -> 0;
            case KEY -> key(offset) == null ? offset : keys.indexOf(keys.charAt(offset));
            case UNORDERED -> offset;
        };
    }

    /** One partition, one assignment, no fault, dead letters; each can be changed. */
    static final class Builder {
        private final String name;
        private final Set<Kind> without = EnumSet.noneOf(Kind.class);
        private int partitions = 1;
        private int offsets = 1;
        private int assignments = 1;
        private int crashes;
        private int stops;
        private int fails;
        private int fatals;
        private int letterFails;
        private int holds;
        private int pauses;
        private boolean manual;
        private String keys = "";
        private OrderingMode ordering = OrderingMode.PARTITION;
        private boolean deadLetters = true;
        private ExhaustedPolicy policy = ExhaustedPolicy.BLOCK;

        Builder(String name) {
            this.name = name;
        }

        Builder partitions(int count) {
            partitions = count;
            return this;
        }

        Builder offsets(int count) {
            offsets = count;
            return this;
        }

        Builder assignments(int count) {
            assignments = count;
            return this;
        }

        Builder crashes(int count) {
            crashes = count;
            return this;
        }

        Builder stops(int count) {
            stops = count;
            return this;
        }

        Builder fails(int count) {
            fails = count;
            return this;
        }

        Builder fatals(int count) {
            fatals = count;
            return this;
        }

        Builder letterFails(int count) {
            letterFails = count;
            return this;
        }

        /** How often a message may be held too long; 0 for no limit. */
        Builder holds(int count) {
            holds = count;
            return this;
        }

        Builder pauses(int count) {
            pauses = count;
            return this;
        }

        /** Users commit; whatever they were handed, before its handler ends or later, in any order. */
        Builder manual() {
            manual = true;
            return this;
        }

        /** One at a time per key; a letter is the key of each offset, {@code -} for none. */
        Builder keys(String each) {
            keys = each;
            ordering = OrderingMode.KEY;
            return this;
        }

        Builder unordered() {
            ordering = OrderingMode.UNORDERED;
            return this;
        }

        Builder without(Set<Kind> kinds) {
            without.addAll(kinds);
            return this;
        }

        /** What becomes of an exhausted message, without a dead-letter topic. */
        Builder policy(ExhaustedPolicy exhausted) {
            policy = exhausted;
            deadLetters = false;
            return this;
        }

        ModelBounds build() {
            EngineLimits limits = new EngineLimits(
                    2,
                    2 * partitions,
                    Long.MAX_VALUE,
                    manual ? 3 : 2,
                    holds,
                    deadLetters,
                    policy,
                    manual,
                    manual,
                    ordering);
            return new ModelBounds(
                    name,
                    partitions,
                    offsets,
                    assignments,
                    crashes,
                    stops,
                    fails,
                    fatals,
                    letterFails,
                    holds,
                    pauses,
                    without,
                    keys,
                    limits);
        }
    }
}
