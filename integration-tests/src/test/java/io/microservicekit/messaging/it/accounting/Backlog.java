package io.microservicekit.messaging.it.accounting;

import java.util.HashSet;
import java.util.Set;

/** Tells, while a history is walked, when acknowledged messages begin and cease to wait. */
final class Backlog {
    /** What an entry means to the backlog. */
    enum Move {
        NONE,
        GROWS,
        SHRINKS
    }

    private final Facts facts;
    private final Set<MessageId> waiting = new HashSet<>();

    Backlog(Facts facts) {
        this.facts = facts;
    }

    Move see(Event event, int index) {
        if (event instanceof Event.Sent sent && sent.step() == Event.SendStep.ACK) {
            boolean unfinished = facts.of(sent.id()).firstFinish() > index;
            return unfinished && waiting.add(sent.id()) ? Move.GROWS : Move.NONE;
        }
        if (event instanceof Event.Handling handling && facts.of(handling.id()).firstFinish() == index) {
            return waiting.remove(handling.id()) ? Move.SHRINKS : Move.NONE;
        }
        return Move.NONE;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
