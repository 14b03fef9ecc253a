package io.microservicekit.messaging.it.accounting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A8: outside faults a backlog of acknowledged messages never stands still longer than allowed, neither of the whole
 * fleet nor of a partition. A change of membership starts the partitions' clocks anew.
 */
final class LivenessRule {
    private static final String FLEET = "the fleet";

    private static final class Clock {
        private int waiting;
        private long since;
    }

    private final Facts facts;
    private final Backlog backlog;
    private final long allowed;
    private final Map<String, Clock> clocks = new HashMap<>();
    private final List<String> stalls = new ArrayList<>();
    private int faults;

    private LivenessRule(Facts facts) {
        this.facts = facts;
        this.backlog = new Backlog(facts);
        this.allowed = facts.expected().stall().toNanos() / 1_000;
        clocks.put(FLEET, new Clock());
    }

    static void check(Facts facts, Verdict verdict) {
        LivenessRule rule = new LivenessRule(facts);
        long last = 0;
        for (int i = 0; i < facts.entries().size(); i++) {
            last = facts.entries().get(i).micros();
            rule.see(facts.entries().get(i), i);
        }
        rule.restart(last, true);
        verdict.addAll(Rule.A8_LIVENESS, "times a backlog stood still outside faults", rule.stalls);
    }

    private void see(Entry entry, int index) {
        if (entry.event() instanceof Event.Fault fault) {
            restart(entry.micros(), true);
            faults += fault.edge() == Event.Edge.BEGIN ? 1 : -1;
        } else if (entry.event() instanceof Event.Membership) {
            restart(entry.micros(), false);
        } else if (entry.event() instanceof Event.Sent sent) {
            if (backlog.see(sent, index) == Backlog.Move.GROWS) {
                each(sent.id(), name -> grow(name, entry.micros()));
            }
        } else if (entry.event() instanceof Event.Handling handling) {
            if (backlog.see(handling, index) == Backlog.Move.SHRINKS) {
                each(handling.id(), name -> shrink(name, entry.micros()));
            }
        }
    }

    private void each(MessageId id, Consumer<String> step) {
        step.accept(FLEET);
        TopicPartition place = facts.of(id).place();
        if (place != null) {
            step.accept(place.toString());
        }
    }

    private void grow(String name, long now) {
        Clock clock = clocks.computeIfAbsent(name, n -> new Clock());
        if (clock.waiting++ == 0) {
            clock.since = now;
        }
    }

    private void shrink(String name, long now) {
        Clock clock = clocks.computeIfAbsent(name, n -> new Clock());
        judge(name, clock, now);
        clock.waiting--;
        clock.since = now;
    }

    /** Judges what has stood until now and begins again: everything, or the partitions only. */
    private void restart(long now, boolean fleetToo) {
        clocks.forEach((name, clock) -> {
            if (fleetToo || !name.equals(FLEET)) {
                judge(name, clock, now);
                clock.since = now;
            }
        });
    }

    private void judge(String name, Clock clock, long now) {
        if (faults == 0 && clock.waiting > 0 && now - clock.since > allowed) {
            stalls.add(name + " for " + (now - clock.since) / 1_000 + " ms with " + clock.waiting + " waiting");
        }
    }
}
