package io.microservicekit.messaging.it.accounting;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts, while a history is walked, how often each member was disrupted, as a whole or at a partition. */
final class Disruptions {
    private record Scope(String member, @Nullable TopicPartition place) {}

    private final Map<Scope, Integer> counts = new HashMap<>();

    static String member(Entry entry, String name) {
        return entry.process() + "/" + name;
    }

    void see(Entry entry, Event.Membership change) {
        if (change.change() != Event.Change.ASSIGN) {
            String member = member(entry, change.member());
            counts.merge(new Scope(member, change.place()), 1, Integer::sum);
            counts.merge(new Scope(member + "/any", null), 1, Integer::sum);
        }
    }

    /** Returns a number that changes with each disruption that concerns this member there; null: anywhere. */
    int count(String member, @Nullable TopicPartition place) {
        if (place == null) {
            return counts.getOrDefault(new Scope(member + "/any", null), 0);
        }
        return counts.getOrDefault(new Scope(member, null), 0) + counts.getOrDefault(new Scope(member, place), 0);
    }
}
