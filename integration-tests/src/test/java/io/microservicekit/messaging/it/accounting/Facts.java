package io.microservicekit.messaging.it.accounting;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A history with what it says about each message. */
final class Facts {
    private final List<Entry> entries;
    private final Expectations expected;
    private final Map<MessageId, MessageFacts> messages = new LinkedHashMap<>();
    private final Map<String, Long> lastMicros = new LinkedHashMap<>();

    private Facts(History history, Expectations expected) {
        this.entries = history.entries();
        this.expected = expected;
    }

    static Facts of(History history, Expectations expected) {
        Facts facts = new Facts(history, expected);
        for (int i = 0; i < facts.entries.size(); i++) {
            facts.add(facts.entries.get(i), i);
        }
        if (expected.evidence() == DeadLetterEvidence.AT_DRAIN) {
            facts.messages.values().stream()
                    .filter(m -> expected.poison().contains(m.id()))
                    .forEach(MessageFacts::finishedByFailure);
        }
        return facts;
    }

    private void add(Entry entry, int index) {
        lastMicros.put(entry.process(), entry.micros());
        if (entry.event() instanceof Event.Sent sent) {
            of(sent.id()).sent(sent, entry.process());
        } else if (entry.event() instanceof Event.Handling handling) {
            of(handling.id()).handled(handling, index);
        }
    }

    MessageFacts of(MessageId id) {
        return messages.computeIfAbsent(id, MessageFacts::new);
    }

    List<Entry> entries() {
        return entries;
    }

    Expectations expected() {
        return expected;
    }

    Collection<MessageFacts> messages() {
        return messages.values();
    }

    List<MessageFacts> where(Predicate<MessageFacts> fits) {
        return messages.values().stream().filter(fits).toList();
    }

    /** Returns whether the process wrote anything from this time on; a killed one is dead from its last entry. */
    boolean wroteSince(String process, long micros) {
        return lastMicros.getOrDefault(process, Long.MIN_VALUE) >= micros;
    }

    boolean mayBeCutOff(String process) {
        return expected.killed().contains(Entry.nameOf(process));
    }
}
