package io.microservicekit.messaging.it.accounting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of a run.
 *
 * @param sent sends begun
 * @param acked messages acknowledged
 * @param rejected messages rejected
 * @param unknown sends that ended unknown
 * @param handledOnce messages handled exactly once
 * @param duplicates deliveries of messages that were finished before
 * @param deadLettered messages dead-lettered
 * @param longestGap the longest time between two completions
 * @param recoveries by fault kind, sorted: times from the heal to the first completion
 */
public record Report(
        long sent,
        long acked,
        long rejected,
        long unknown,
        long handledOnce,
        long duplicates,
        long deadLettered,
        Duration longestGap,
        Map<String, List<Duration>> recoveries) {

    /** Counts. */
    public static Report of(History history) {
        Facts facts = Facts.of(history, Expectations.builder().build());
        return new Report(
                facts.messages().stream().mapToLong(MessageFacts::intents).sum(),
                facts.where(MessageFacts::acked).size(),
                facts.where(MessageFacts::rejected).size(),
                facts.messages().stream().mapToLong(MessageFacts::unknowns).sum(),
                facts.where(m -> m.oks() == 1).size(),
                Duplicate.in(facts).size(),
                facts.where(m -> m.deadLetters() > 0).size(),
                longestGap(history.entries()),
                recoveries(facts));
    }

    private static Duration longestGap(List<Entry> entries) {
        long longest = 0;
        long last = Long.MIN_VALUE;
        for (Entry entry : entries) {
            if (entry.event() instanceof Event.Handling handling && handling.step() == Event.HandlerStep.OK) {
                longest = last == Long.MIN_VALUE ? 0 : Math.max(longest, entry.micros() - last);
                last = entry.micros();
            }
        }
        return Duration.ofNanos(longest * 1_000);
    }

    private static Map<String, List<Duration>> recoveries(Facts facts) {
        Map<String, List<Duration>> byKind = new TreeMap<>();
        for (Recovery recovery : Recovery.in(facts)) {
            Duration took = recovery.toCompletion();
            if (took != null) {
                byKind.computeIfAbsent(recovery.kind(), k -> new ArrayList<>()).add(took);
            }
        }
        byKind.values().forEach(times -> times.sort(null));
        return byKind;
    }

    /** Returns the figures in one line, with median and maximum of the recoveries. */
    public String line() {
        StringBuilder line = new StringBuilder("sent " + sent + ", acked " + acked + ", rejected " + rejected
                + ", unknown " + unknown + ", handled once " + handledOnce + ", duplicates " + duplicates
                + ", dead letters " + deadLettered + ", longest gap " + longestGap.toMillis() + " ms");
        recoveries.forEach((kind, times) -> line.append(", ")
                .append(kind)
                .append(" back after ")
                .append(times.get(times.size() / 2).toMillis())
                .append(" (max ")
                .append(times.get(times.size() - 1).toMillis())
                .append(") ms"));
        return line.toString();
    }
}
