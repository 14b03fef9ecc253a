package io.microservicekit.messaging.it.accounting;

import java.util.List;

/** A1, A2 and A3: what became of each message, whatever the time. */
final class OutcomeRules {
    private OutcomeRules() {}

    static void lost(Facts facts, Verdict verdict) {
        int acked = facts.where(MessageFacts::acked).size();
        verdict.addAll(
                Rule.A1_LOST,
                "of " + acked + " acknowledged messages neither handled nor dead-lettered",
                facts.where(m -> m.acked() && !m.finished()));
    }

    static void fabricated(Facts facts, Verdict verdict) {
        verdict.addAll(
                Rule.A2_FABRICATED,
                "messages seen or acknowledged that nobody sent",
                facts.where(m -> m.intents() == 0 && (m.seen() || m.outcomes() > 0)));
        List<Event> spoiled = facts.entries().stream()
                .map(Entry::event)
                .filter(Event.Spoiled.class::isInstance)
                .toList();
        verdict.addAll(Rule.A2_FABRICATED, "bodies received that are not of this run and topic", spoiled);
    }

    static void resolved(Facts facts, Verdict verdict) {
        verdict.addAll(
                Rule.A3_RESOLVED,
                "messages seen though every send of them was rejected",
                facts.where(m -> m.seen() && m.rejected() && !m.acked() && m.unknowns() == 0 && !open(m)));
        verdict.addAll(
                Rule.A3_RESOLVED,
                "messages with a send that has no outcome",
                facts.where(m -> open(m) && !cutOff(facts, m)));
        verdict.addAll(
                Rule.A3_RESOLVED,
                "messages with more outcomes than sends",
                facts.where(m -> m.intents() > 0 && m.outcomes() > m.intents()));
    }

    private static boolean open(MessageFacts message) {
        return message.outcomes() < message.intents();
    }

    private static boolean cutOff(Facts facts, MessageFacts message) {
        String sender = message.sender();
        return sender != null && facts.mayBeCutOff(sender);
    }
}
