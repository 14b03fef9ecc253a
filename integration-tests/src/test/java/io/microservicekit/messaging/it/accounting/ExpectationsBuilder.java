package io.microservicekit.messaging.it.accounting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what a run promises. Without a call: no order, no poison, no duplicate, no fault, no process killed. */
public final class ExpectationsBuilder {
    private final Set<MessageId> poison = new LinkedHashSet<>();
    private final Map<String, Integer> duplicates = new LinkedHashMap<>();
    private final Set<String> killed = new LinkedHashSet<>();
    private final List<Expectations.PlannedFault> planned = new ArrayList<>();
    private final Map<String, Duration> recovery = new LinkedHashMap<>();
    private Order order = Order.NONE;
    private DeadLetterEvidence evidence = DeadLetterEvidence.AT_CONFIRM;
    private Duration settle = Duration.ofSeconds(10);
    private Duration stall = Duration.ofSeconds(30);
    private Duration shutdownGrace = Duration.ofSeconds(1);
    private @Nullable EndState end;
    private List<String> threadsBefore = List.of();
    private List<String> threadsAfter = List.of();

    ExpectationsBuilder() {}

    /** The order required; default none. */
    public ExpectationsBuilder order(Order required) {
        order = required;
        return this;
    }

    /** Messages that must end as dead letters, once each; the evidence says when their DLQ_OK is written. */
    public ExpectationsBuilder poison(Collection<MessageId> ids, DeadLetterEvidence when) {
        poison.addAll(ids);
        evidence = when;
        return this;
    }

    /** Duplicates that each disruption of a kind may cause: a fault kind or the name of an {@link Event.Change}. */
    public ExpectationsBuilder duplicatesPer(String kind, int bound) {
        duplicates.put(kind, bound);
        return this;
    }

    /**
     * How long after its end a disruption may still cause duplicates of messages that finish then; default 10 s,
     * at least the session timeout.
     */
    public ExpectationsBuilder settle(Duration time) {
        settle = time;
        return this;
    }

    /** A process that is killed: its sends and shutdowns may stay without an end. */
    public ExpectationsBuilder killed(String process) {
        killed.add(process);
        return this;
    }

    /** A fault that must fire and be healed at least so many times, and bite at least once. */
    public ExpectationsBuilder plans(String kind, int times, Bite bite) {
        planned.add(new Expectations.PlannedFault(kind, times, bite, false));
        return this;
    }

    /** A fault that must fire and be healed at least so many times, and bite every time. */
    public ExpectationsBuilder plansEach(String kind, int times, Bite bite) {
        planned.add(new Expectations.PlannedFault(kind, times, bite, true));
        return this;
    }

    /** The time from the heal of a fault of this kind to the first completion and the first acknowledged send. */
    public ExpectationsBuilder recoversWithin(String kind, Duration bound) {
        recovery.put(kind, bound);
        return this;
    }

    /** How long a backlog may stand still outside faults, for the fleet and each partition; default 30 s. */
    public ExpectationsBuilder neverStallsFor(Duration bound) {
        stall = bound;
        return this;
    }

    /** What a close may take beyond its deadline; default 1 s. */
    public ExpectationsBuilder shutdownGrace(Duration grace) {
        shutdownGrace = grace;
        return this;
    }

    /** What the broker holds after draining. */
    public ExpectationsBuilder endsWith(EndState state) {
        end = state;
        return this;
    }

    /** Thread names before the run and after everything was closed. */
    public ExpectationsBuilder threads(List<String> before, List<String> after) {
        threadsBefore = before;
        threadsAfter = after;
        return this;
    }

    /** Returns the expectations. */
    public Expectations build() {
        return new Expectations(
                order,
                poison,
                evidence,
                duplicates,
                settle,
                killed,
                planned,
                recovery,
                stall,
                shutdownGrace,
                end,
                threadsBefore,
                threadsAfter);
    }
}
