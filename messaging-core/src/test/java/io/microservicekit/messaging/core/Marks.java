package io.microservicekit.messaging.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts how often rare situations were reached over many random runs: a situation that no run reaches is not tested. */
final class Marks {
    private final Map<String, Integer> counts = new TreeMap<>();

    void reached(String situation) {
        counts.merge(situation, 1, Integer::sum);
    }

    List<String> never(List<String> wanted) {
        List<String> never = new ArrayList<>(wanted);
        never.removeAll(counts.keySet());
        return never;
    }

    String table() {
        StringBuilder text = new StringBuilder();
        counts.forEach((situation, count) -> text.append(String.format("%n%6d  %s", count, situation)));
        return text.toString();
    }
}
