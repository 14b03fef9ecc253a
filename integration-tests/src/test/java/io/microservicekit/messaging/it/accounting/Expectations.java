package io.microservicekit.messaging.it.accounting;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run promises; see {@link ExpectationsBuilder} for the defaults.
 *
 * @param order the order required
 * @param poison the messages that must end as dead letters
 * @param evidence when DLQ_OK is written
 * @param duplicates by fault kind or {@link Event.Change} name: duplicates that one of them may cause
 * @param settle how long after its end a disruption may still show up in newly finished messages
 * @param killed processes that were killed: their sends and shutdowns may stay open
 * @param planned the faults that must fire and bite
 * @param recovery by fault kind: time from the heal to the first progress
 * @param stall how long a backlog may stand still
 * @param shutdownGrace what a close may take beyond its deadline
 * @param end what the broker holds in the end, null if not looked at
 * @param threadsBefore thread names before the run
 * @param threadsAfter thread names after everything was closed
 */
public record Expectations(
        Order order,
        Set<MessageId> poison,
        DeadLetterEvidence evidence,
        Map<String, Integer> duplicates,
        Duration settle,
        Set<String> killed,
        List<PlannedFault> planned,
        Map<String, Duration> recovery,
        Duration stall,
        Duration shutdownGrace,
        @Nullable EndState end,
        List<String> threadsBefore,
        List<String> threadsAfter) {

    /**
     * A fault that the run must contain.
     *
     * @param kind its name in the ledger
     * @param times how often it fires at least
     * @param bite what at least one of them must have hit
     * @param each whether every one of them must have hit it
     */
    public record PlannedFault(String kind, int times, Bite bite, boolean each) {}

    public Expectations {
        poison = Set.copyOf(poison);
        duplicates = Map.copyOf(duplicates);
        killed = Set.copyOf(killed);
        planned = List.copyOf(planned);
        recovery = Map.copyOf(recovery);
        threadsBefore = List.copyOf(threadsBefore);
        threadsAfter = List.copyOf(threadsAfter);
    }

    /** Begins with the strictest expectations. */
    public static ExpectationsBuilder builder() {
        return new ExpectationsBuilder();
    }
}
