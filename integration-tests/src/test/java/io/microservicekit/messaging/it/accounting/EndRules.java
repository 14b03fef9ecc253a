package io.microservicekit.messaging.it.accounting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A7, A10 and A11: what is left behind, and how long the leaving took. */
final class EndRules {
    private record Closing(Entry entry, Event.Shutdown shutdown) {
        @Override
        public String toString() {
            return entry.process() + "/" + shutdown.who();
        }
    }

    private EndRules() {}

    static void endState(Facts facts, Verdict verdict) {
        Set<MessageId> poison = facts.expected().poison();
        verdict.addAll(
                Rule.A7_END_STATE,
                "messages dead-lettered that are no poison",
                facts.where(m -> m.deadLetters() > 0 && !poison.contains(m.id())));
        verdict.addAll(
                Rule.A7_END_STATE,
                "acknowledged poison messages handled and not dead-lettered",
                facts.where(m -> poison.contains(m.id()) && m.acked() && m.oks() > 0 && m.deadLetters() == 0));
        EndState end = facts.expected().end();
        if (end != null) {
            remaining(end, verdict);
            deadLetters(end, facts, verdict);
        }
    }

    private static void remaining(EndState end, Verdict verdict) {
        List<String> left = new ArrayList<>();
        new TreeMap<>(end.remaining()).forEach((place, count) -> {
            if (count != 0) {
                left.add(place + " holds " + count);
            }
        });
        verdict.addAll(Rule.A7_END_STATE, "places not drained", left);
    }

    private static void deadLetters(EndState end, Facts facts, Verdict verdict) {
        Set<MessageId> once = new LinkedHashSet<>();
        List<MessageId> copies =
                end.deadLetters().stream().filter(id -> !once.add(id)).toList();
        verdict.addAll(Rule.A7_END_STATE, "second copies in the dead letters", copies);
        List<MessageId> foreign = once.stream()
                .filter(id -> !facts.expected().poison().contains(id))
                .toList();
        verdict.addAll(Rule.A7_END_STATE, "dead letters that are no poison", foreign);
        verdict.addAll(
                Rule.A7_END_STATE,
                "acknowledged poison messages missing in the dead letters",
                facts.where(m -> facts.expected().poison().contains(m.id()) && m.acked() && !once.contains(m.id())));
    }

    static void shutdown(Facts facts, Verdict verdict) {
        Map<String, Closing> open = new LinkedHashMap<>();
        List<String> late = new ArrayList<>();
        for (Entry entry : facts.entries()) {
            if (entry.event() instanceof Event.Shutdown shutdown) {
                Closing closing = new Closing(entry, shutdown);
                if (shutdown.edge() == Event.Edge.BEGIN) {
                    open.put(closing.toString(), closing);
                } else {
                    late(
                            open.remove(closing.toString()),
                            entry,
                            facts.expected().shutdownGrace(),
                            late);
                }
            }
        }
        verdict.addAll(Rule.A10_SHUTDOWN, "closes later than their deadline", late);
        open.values().removeIf(closing -> facts.mayBeCutOff(closing.entry.process()));
        verdict.addAll(Rule.A10_SHUTDOWN, "closes that never returned", open.values());
    }

    private static void late(@Nullable Closing begun, Entry end, Duration grace, List<String> late) {
        if (begun != null) {
            Duration took = Duration.ofNanos((end.micros() - begun.entry.micros()) * 1_000);
            if (took.compareTo(begun.shutdown.deadline().plus(grace)) > 0) {
                late.add(begun + " took " + took + " of " + begun.shutdown.deadline());
            }
        }
    }

    static void hygiene(Facts facts, Verdict verdict) {
        List<String> left = new ArrayList<>(facts.expected().threadsAfter());
        facts.expected().threadsBefore().forEach(left::remove);
        verdict.addAll(Rule.A11_HYGIENE, "threads left behind", left);
    }
}
