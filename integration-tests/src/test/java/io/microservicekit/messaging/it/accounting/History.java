package io.microservicekit.messaging.it.accounting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What all processes of a run wrote, in the order of time; entries of one process keep their order.
 *
 * @param entries all entries, ordered
 * @param tornTails how many ledgers end in an entry that was never completed (ignored)
 */
public record History(List<Entry> entries, int tornTails) {
    private static final Comparator<Entry> IN_TIME = Comparator.comparingLong(Entry::micros)
            .thenComparing(Entry::process)
            .thenComparingLong(Entry::sequence);

    public History {
        entries = List.copyOf(entries);
    }

    /** Returns a history of these entries, brought into order. */
    public static History of(List<Entry> entries) {
        List<Entry> ordered = new ArrayList<>(entries);
        ordered.sort(IN_TIME);
        return new History(ordered, 0);
    }

    /**
     * Reads all ledgers of a directory; their processes may be alive or dead.
     *
     * @param dir the directory given to {@link Ledger#open}
     * @return the merged history
     */
    public static History read(Path dir) {
        List<Entry> all = new ArrayList<>();
        int torn = 0;
        try (Stream<Path> files = Files.list(dir)) {
            EventReader events = new EventReader();
            for (Path file : files.filter(f -> f.toString().endsWith(Ledger.SUFFIX))
                    .sorted()
                    .toList()) {
                torn += new LedgerScan(file, events, all).run() ? 1 : 0;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the ledgers in " + dir, e);
        }
        all.sort(IN_TIME);
        return new History(all, torn);
    }

    /** Returns the longest time from the beginning of a send to its outcome. */
    public Duration longestSend() {
        Map<MessageId, Long> begun = new HashMap<>();
        long longest = 0;
        for (Entry entry : entries) {
            if (entry.event() instanceof Event.Sent sent) {
                Long begin = begun.putIfAbsent(sent.id(), entry.micros());
                longest = begin == null ? longest : Math.max(longest, entry.micros() - begin);
            }
        }
        return Duration.ofNanos(longest * 1_000);
    }

    /** Returns the entries that fit, as when each consumer group of a run is judged by itself. */
    public History only(Predicate<Entry> fits) {
        return new History(entries.stream().filter(fits).toList(), tornTails);
    }
}
