package io.microservicekit.messaging.it.accounting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A4, second half: inside a member no message of a lane starts before its forerunner is finished, and the member steps
 * back only after a disruption of its own.
 */
final class MemberOrderRule {
    private record Seat(String member, Order.Lane lane) {}

    private static final class State {
        private int disruptions;
        private long rank = Long.MIN_VALUE;
        private @Nullable MessageFacts open;
        private boolean running;
    }

    private final Facts facts;
    private final Order order;
    private final Disruptions disruptions = new Disruptions();
    private final Map<Seat, State> states = new HashMap<>();
    private final List<String> skips = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();

    private MemberOrderRule(Facts facts) {
        this.facts = facts;
        this.order = facts.expected().order();
    }

    static void check(Facts facts, Verdict verdict) {
        if (facts.expected().order() == Order.NONE) {
            return;
        }
        MemberOrderRule rule = new MemberOrderRule(facts);
        for (int i = 0; i < facts.entries().size(); i++) {
            rule.see(facts.entries().get(i), i);
        }
        verdict.addAll(Rule.A4_ORDER, "messages started in a member before an earlier one was finished", rule.skips);
        verdict.addAll(Rule.A4_ORDER, "steps back of a member without a disruption of it", rule.steps);
    }

    private void see(Entry entry, int index) {
        if (entry.event() instanceof Event.Membership change) {
            disruptions.see(entry, change);
        } else if (entry.event() instanceof Event.Handling handling) {
            MessageFacts message = facts.of(handling.id());
            Order.Lane lane = message.acked() ? order.lane(message) : null;
            if (lane != null) {
                String member = Disruptions.member(entry, handling.member());
                State state = states.computeIfAbsent(new Seat(member, lane), s -> new State());
                step(handling, message, current(state, disruptions.count(member, message.place())), index);
            }
        }
    }

    private static State current(State state, int disruptions) {
        if (state.disruptions != disruptions) {
            state.disruptions = disruptions;
            state.rank = Long.MIN_VALUE;
            state.open = null;
            state.running = false;
        }
        return state;
    }

    private void step(Event.Handling handling, MessageFacts message, State state, int index) {
        switch (handling.step()) {
            case START -> start(handling, message, state, index);
            case OK, DLQ_OK -> {
                if (state.open == message) {
                    state.open = null;
                    state.running = false;
                }
            }
            case FAIL, ABANDONED -> state.running &= state.open != message;
        }
    }

    private void start(Event.Handling handling, MessageFacts message, State state, int index) {
        MessageFacts open = state.open;
        if (order.rank(message) < state.rank) {
            steps.add(message + " in " + handling.member());
        } else if (open != null && open != message && (state.running || open.firstFinish() > index)) {
            skips.add(message + " before " + open + " in " + handling.member());
        }
        state.rank = order.rank(message);
        state.open = message;
        state.running = true;
    }
}
