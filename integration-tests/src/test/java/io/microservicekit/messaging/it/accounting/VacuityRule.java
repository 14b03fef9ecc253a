package io.microservicekit.messaging.it.accounting;

import java.util.List;
import java.util.function.Predicate;

/** A12: a run without messages, without its faults, or with faults that hit nothing has proved nothing. */
final class VacuityRule {
    private VacuityRule() {}

    static void check(Facts facts, Verdict verdict) {
        if (facts.where(MessageFacts::acked).isEmpty()) {
            verdict.add(Rule.A12_NOT_VACUOUS, "did not test: no message was acknowledged");
        }
        List<Bites.Fired> fired = Bites.in(facts);
        facts.expected().planned().forEach(planned -> check(planned, fired, facts, verdict));
    }

    private static void check(
            Expectations.PlannedFault planned, List<Bites.Fired> fired, Facts facts, Verdict verdict) {
        List<Bites.Fired> ofKind =
                fired.stream().filter(f -> f.kind().equals(planned.kind())).toList();
        long healed = facts.entries().stream()
                .filter(e -> e.event().equals(new Event.Fault(planned.kind(), Event.Edge.END)))
                .count();
        if (ofKind.size() < planned.times() || healed < planned.times()) {
            verdict.add(
                    Rule.A12_NOT_VACUOUS,
                    "did not test: " + planned.kind() + " fired " + ofKind.size() + " and was healed " + healed + " of "
                            + planned.times() + " times");
        } else if (!bit(planned, ofKind)) {
            verdict.add(
                    Rule.A12_NOT_VACUOUS,
                    "did not test: " + planned.kind() + " fired " + ofKind.size() + " times and "
                            + (planned.each() ? "not each" : "never") + " had " + planned.bite());
        }
    }

    private static boolean bit(Expectations.PlannedFault planned, List<Bites.Fired> fired) {
        Predicate<Bites.Fired> hit = fault -> fault.hits().contains(planned.bite());
        return planned.each() ? fired.stream().allMatch(hit) : fired.stream().anyMatch(hit);
    }
}
