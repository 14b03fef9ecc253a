package io.microservicekit.messaging.it.accounting;

import java.util.List;
import java.util.function.BiConsumer;

/** Judges a history. A pure function: no clock, no broker, no file. */
public final class Checker {
    private static final List<BiConsumer<Facts, Verdict>> RULES = List.of(
            OutcomeRules::lost,
            OutcomeRules::fabricated,
            OutcomeRules::resolved,
            CompletionOrderRule::check,
            MemberOrderRule::check,
            DuplicatesRule::check,
            CommitRule::check,
            EndRules::endState,
            LivenessRule::check,
            RecoveryRule::check,
            EndRules::shutdown,
            EndRules::hygiene,
            VacuityRule::check);

    private Checker() {}

    /**
     * Checks all rules.
     *
     * @param history what was written
     * @param expected what was promised
     * @return what is wrong, in the order of the rules; empty if nothing
     */
    public static List<Violation> check(History history, Expectations expected) {
        Facts facts = Facts.of(history, expected);
        Verdict verdict = new Verdict();
        RULES.forEach(rule -> rule.accept(facts, verdict));
        return verdict.violations();
    }
}
