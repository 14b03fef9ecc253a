package io.microservicekit.messaging.it.accounting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A delivery of a message that was finished before, or that finished beside another delivery.
 *
 * @param message the message
 * @param finished when it was finished first, in microseconds
 * @param seen when it was handled again, in microseconds
 */
record Duplicate(MessageFacts message, long finished, long seen) {

    @Override
    public String toString() {
        return message.toString();
    }

    /** Returns all duplicates in time; the attempts of one delivery count once. */
    static List<Duplicate> in(Facts facts) {
        Walk walk = new Walk(facts);
        facts.entries().forEach(walk::see);
        return walk.found;
    }

    private record Delivery(MessageId id, String member) {}

    private static final class Walk {
        private final Facts facts;
        private final Map<MessageId, Long> finished = new HashMap<>();
        private final Set<Delivery> counted = new HashSet<>();
        private final Set<Delivery> retrying = new HashSet<>();
        private final List<Duplicate> found = new ArrayList<>();

        Walk(Facts facts) {
            this.facts = facts;
        }

        void see(Entry entry) {
            if (entry.event() instanceof Event.Handling handling) {
                Delivery delivery = new Delivery(handling.id(), Disruptions.member(entry, handling.member()));
                Long since = finished.get(handling.id());
                if (since != null) {
                    again(handling.step(), delivery, since, entry.micros());
                } else if (handling.step() == Event.HandlerStep.OK || handling.step() == Event.HandlerStep.DLQ_OK) {
                    finished.put(handling.id(), entry.micros());
                }
            }
        }

        private void again(Event.HandlerStep step, Delivery delivery, long since, long now) {
            switch (step) {
                case START -> {
                    if (!retrying.remove(delivery)) {
                        count(delivery, since, now);
                    }
                    counted.add(delivery);
                }
                case OK -> {
                    if (!counted.remove(delivery)) {
                        count(delivery, since, now);
                    }
                }
                case FAIL -> {
                    if (counted.remove(delivery)) {
                        retrying.add(delivery);
                    }
                }
                case DLQ_OK, ABANDONED -> retrying.remove(delivery);
            }
        }

        private void count(Delivery delivery, long since, long now) {
            found.add(new Duplicate(facts.of(delivery.id()), since, now));
        }
    }
}
