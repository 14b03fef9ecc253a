package io.microservicekit.messaging.testkit.internal.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The fault plans of a test for sends, by topic. Guarded by the broker's lock. */
final class Faults {
    private final Map<String, Deque<Fault>> planned = new LinkedHashMap<>();
    private final Set<String> refused = new TreeSet<>();

    void plan(String topic, Fault fault, int times) {
        Deque<Fault> faults = planned.computeIfAbsent(topic, t -> new ArrayDeque<>());
        for (int i = 0; i < times; i++) {
            faults.add(fault);
        }
    }

    void refuse(String topic) {
        refused.add(topic);
    }

    void accept(String topic) {
        refused.remove(topic);
    }

    /** The fault for the next send to a topic; a refused topic uses up no plan. */
    Fault next(String topic) {
        if (refused.contains(topic)) {
            return Fault.NOT_DELIVERED;
        }
        Deque<Fault> faults = planned.get(topic);
        return faults == null || faults.isEmpty() ? Fault.NONE : faults.remove();
    }

    /** Planned faults that no send has met yet. */
    int left(String topic) {
        Deque<Fault> faults = planned.get(topic);
        return faults == null ? 0 : faults.size();
    }
}
