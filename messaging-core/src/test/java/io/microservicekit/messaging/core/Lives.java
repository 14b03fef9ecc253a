package io.microservicekit.messaging.core;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.Set;
import java.util.TreeSet;

/** What the messages of a client are doing at present. */
final class Lives {
    private final boolean byKey;
    private final Set<Integer> running = new TreeSet<>();
    private final Set<Integer> parked = new TreeSet<>();
    private final Set<Integer> unconfirmed = new TreeSet<>();
    private final Set<Integer> undeliverable = new TreeSet<>();

    /** With {@code byKey} each parked message is of another key, since the later ones of a key wait. */
    Lives(boolean byKey) {
        this.byKey = byKey;
    }

    void add(Lives other) {
        running.addAll(other.running);
        parked.addAll(other.parked);
        unconfirmed.addAll(other.unconfirmed);
        undeliverable.addAll(other.undeliverable);
    }

    void started(ReceivedMessage message) {
        int number = Ledger.number(message);
        parked.remove(number);
        unconfirmed.remove(number);
        undeliverable.remove(number);
        running.add(number);
    }

    void ended(ReceivedMessage message) {
        running.remove(Ledger.number(message));
    }

    void parked(ReceivedMessage message) {
        parked.add(Ledger.number(message));
    }

    void deadLettering(ReceivedMessage message) {
        unconfirmed.add(Ledger.number(message));
    }

    void deadLetterFailed(ReceivedMessage message) {
        unconfirmed.remove(Ledger.number(message));
        undeliverable.add(Ledger.number(message));
    }

    void deadLettered(ReceivedMessage message) {
        unconfirmed.remove(Ledger.number(message));
        undeliverable.remove(Ledger.number(message));
    }

    void mark(Marks marks, String what) {
        mark(marks, running, what + " in mid-run");
        mark(marks, parked, what + " while parked");
        if (byKey && parked.size() > 1) {
            marks.reached(what + " while two keys are parked");
        }
        mark(marks, unconfirmed, what + " while a dead letter is unconfirmed");
        mark(marks, undeliverable, what + " while a dead letter cannot be written");
    }

    private static void mark(Marks marks, Set<Integer> lives, String situation) {
        if (!lives.isEmpty()) {
            marks.reached(situation);
        }
    }
}
