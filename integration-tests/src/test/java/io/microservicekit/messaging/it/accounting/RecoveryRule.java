package io.microservicekit.messaging.it.accounting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A9: after each heal, completions and acknowledged sends come within the bound of the fault's kind. A heal without
 * progress is not judged if the next fault comes before the bound is over; one at the end of the history is.
 */
final class RecoveryRule {
    private RecoveryRule() {}

    static void check(Facts facts, Verdict verdict) {
        List<Recovery> recoveries = Recovery.in(facts);
        List<String> late = new ArrayList<>();
        for (int i = 0; i < recoveries.size(); i++) {
            Recovery recovery = recoveries.get(i);
            Duration bound = facts.expected().recovery().get(recovery.kind());
            if (bound != null) {
                boolean whole =
                        i == recoveries.size() - 1 || recovery.observed().compareTo(bound) > 0;
                judge(recovery.kind() + " to completion", recovery.toCompletion(), bound, late);
                judge(recovery.kind() + " to acknowledged send", recovery.toAck(), bound, late);
                missing(recovery, whole, late);
            }
        }
        verdict.addAll(Rule.A9_RECOVERY, "recoveries too late", late);
    }

    private static void judge(String what, @Nullable Duration took, Duration bound, List<String> late) {
        if (took != null && took.compareTo(bound) > 0) {
            late.add(what + " took " + took.toMillis() + " of " + bound.toMillis() + " ms");
        }
    }

    private static void missing(Recovery recovery, boolean whole, List<String> late) {
        if (whole && recovery.completionDue() && recovery.toCompletion() == null) {
            late.add(recovery.kind() + " to completion never came");
        }
        if (whole && recovery.ackDue() && recovery.toAck() == null) {
            late.add(recovery.kind() + " to acknowledged send never came");
        }
    }
}
