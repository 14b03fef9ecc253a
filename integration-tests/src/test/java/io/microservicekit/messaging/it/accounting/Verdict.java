package io.microservicekit.messaging.it.accounting;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects violations. */
final class Verdict {
    private static final int SHOWN = 10;

    private final List<Violation> violations = new ArrayList<>();

    void add(Rule rule, String text) {
        violations.add(new Violation(rule, text));
    }

    /** Adds one violation for all culprits, none if there are none. */
    void addAll(Rule rule, String text, Collection<?> culprits) {
        if (!culprits.isEmpty()) {
            String shown = String.join(
                    ", ", culprits.stream().limit(SHOWN).map(Object::toString).toList());
            String more = culprits.size() > SHOWN ? ", and " + (culprits.size() - SHOWN) + " more" : "";
            add(rule, culprits.size() + " " + text + ": " + shown + more);
        }
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }
}
