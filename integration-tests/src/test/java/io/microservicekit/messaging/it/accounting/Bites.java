package io.microservicekit.messaging.it.accounting;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what each fault of a history hit. */
final class Bites {
    /**
     * One fault.
     *
     * @param kind its kind
     * @param hits what it hit
     */
    record Fired(String kind, Set<Bite> hits) {}

    private record Delivery(String member, long epoch) {}

    private final Facts facts;
    private final Map<MessageId, String> sending = new HashMap<>();
    private final Map<MessageId, Entry> running = new HashMap<>();
    private final Map<MessageId, Delivery> started = new HashMap<>();
    private final Set<MessageId> finished = new HashSet<>();
    private final List<Fired> fired = new ArrayList<>();
    private @Nullable Fired current;
    private long lastEdge = Long.MIN_VALUE;

    private Bites(Facts facts) {
        this.facts = facts;
    }

    static List<Fired> in(Facts facts) {
        Bites bites = new Bites(facts);
        facts.entries().forEach(bites::see);
        return bites.fired;
    }

    private void see(Entry entry) {
        if (entry.event() instanceof Event.Sent sent) {
            sent(sent, entry);
        } else if (entry.event() instanceof Event.Handling handling) {
            handled(handling, entry);
        } else if (entry.event() instanceof Event.Membership change) {
            changed(change, entry);
        } else if (entry.event() instanceof Event.Fault fault) {
            if (fault.edge() == Event.Edge.BEGIN) {
                begin(fault);
            }
            lastEdge = entry.micros();
        }
    }

    /** Only a fault ends a process in the middle of its work: who wrote anything since the last one lives, or has nothing under way. */
    private void begin(Event.Fault fault) {
        Fired next = new Fired(fault.kind(), EnumSet.noneOf(Bite.class));
        fired.add(next);
        current = next;
        hitIf(sending.values().stream().anyMatch(p -> facts.wroteSince(p, lastEdge)), Bite.SEND_UNCONFIRMED);
        hitIf(running.values().stream().anyMatch(e -> facts.wroteSince(e.process(), lastEdge)), Bite.HANDLER_RUNNING);
    }

    private void sent(Event.Sent sent, Entry entry) {
        if (sent.step() == Event.SendStep.INTENT) {
            sending.put(sent.id(), entry.process());
        } else {
            sending.remove(sent.id());
            hitIf(sent.step() == Event.SendStep.UNKNOWN, Bite.SEND_UNKNOWN);
            hitIf(sent.step() == Event.SendStep.REJECTED, Bite.SEND_REJECTED);
        }
    }

    private void handled(Event.Handling handling, Entry entry) {
        switch (handling.step()) {
            case START -> {
                running.put(handling.id(), entry);
                hitIf(isRedelivered(handling, entry), Bite.REDELIVERED);
            }
            case OK, DLQ_OK -> {
                running.remove(handling.id());
                finished.add(handling.id());
            }
            case FAIL -> {
                running.remove(handling.id());
                hitIf(true, Bite.ATTEMPT_FAILED);
            }
            case ABANDONED -> running.remove(handling.id());
        }
    }

    private boolean isRedelivered(Event.Handling start, Entry entry) {
        Delivery delivery = new Delivery(Disruptions.member(entry, start.member()), start.epoch());
        Delivery before = started.put(start.id(), delivery);
        return finished.contains(start.id()) || (before != null && !before.equals(delivery));
    }

    private void changed(Event.Membership change, Entry entry) {
        hitIf(change.change() != Event.Change.ASSIGN, Bite.DISRUPTED);
        boolean taken = change.change() == Event.Change.REVOKE || change.change() == Event.Change.LOST;
        hitIf(taken && running.values().stream().anyMatch(e -> runsIn(e, change, entry)), Bite.REVOKED_WHILE_RUNNING);
    }

    private boolean runsIn(Entry start, Event.Membership change, Entry entry) {
        Event.Handling handling = (Event.Handling) start.event();
        TopicPartition place = facts.of(handling.id()).place();
        return start.process().equals(entry.process())
                && handling.member().equals(change.member())
                && (place == null || change.place() == null || place.equals(change.place()));
    }

    private void hitIf(boolean happened, Bite bite) {
        if (happened && current != null) {
            current.hits().add(bite);
        }
    }
}
