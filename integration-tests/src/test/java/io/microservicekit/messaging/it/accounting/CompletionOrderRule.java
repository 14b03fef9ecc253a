package io.microservicekit.messaging.it.accounting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A4, first half: acknowledged messages of a lane finish for the first time in the order of the lane. */
final class CompletionOrderRule {
    private CompletionOrderRule() {}

    static void check(Facts facts, Verdict verdict) {
        Order order = facts.expected().order();
        Map<Order.Lane, List<MessageFacts>> lanes = new LinkedHashMap<>();
        for (MessageFacts message : facts.where(MessageFacts::acked)) {
            Order.Lane lane = order.lane(message);
            if (lane != null) {
                lanes.computeIfAbsent(lane, l -> new ArrayList<>()).add(message);
            }
        }
        List<String> overtakes = new ArrayList<>();
        lanes.values().forEach(lane -> {
            lane.sort(Comparator.comparingLong(order::rank));
            overtakes(lane, overtakes);
        });
        verdict.addAll(Rule.A4_ORDER, "messages finished before an earlier one of their lane", overtakes);
    }

    /** Whoever finished before the latest finish of its forerunners overtook; one that never finished is A1's. */
    private static void overtakes(List<MessageFacts> lane, List<String> into) {
        MessageFacts slowest = null;
        for (MessageFacts message : lane) {
            if (message.firstFinish() == MessageFacts.NEVER) {
                continue;
            }
            if (slowest == null || message.firstFinish() > slowest.firstFinish()) {
                slowest = message;
            } else {
                into.add(message + " before " + slowest);
            }
        }
    }
}
