package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.api.UnfinishedMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a subscription from within: what it has in its hands, and what keeps that from going on. Changes nothing. On the loop. */
final class Inspection {
    private static final int MOST_REASONS = 5;

    private final EngineParts parts;
    private final Holdings holdings;
    private final Performer performer;
    private final LaneStory story;
    private final List<String> reasons = new ArrayList<>();
    private @Nullable UnfinishedMessage oldest;
    private long inFlight;
    private long parked;

    Inspection(EngineParts parts, Holdings holdings, Performer performer) {
        this.parts = parts;
        this.holdings = holdings;
        this.performer = performer;
        this.story = new LaneStory(parts.options(), parts.runtime().nanoTime());
    }

    EngineHealth take(Ending ending, boolean paused) {
        holdings.all().forEach(this::look);
        lookForOrphans();
        SubscriptionState state = state(ending, paused);
        return new EngineHealth(state, cut(), inFlight, parked, oldest);
    }

    private SubscriptionState state(Ending ending, boolean paused) {
        if (ending.hasFailed()) {
            reasons.addAll(0, ending.failureTexts());
            return SubscriptionState.FAILED;
        }
        if (ending.hasBegun()) {
            return SubscriptionState.CLOSING;
        }
        String hang = performer.consumer().hang();
        if (hang != null) {
            reasons.add(0, ReasonText.printable(hang));
            return SubscriptionState.UNRESPONSIVE;
        }
        return stateOfOneThatRuns(ending, paused);
    }

    private SubscriptionState stateOfOneThatRuns(Ending ending, boolean paused) {
        String impediment = performer.consumer().impediment();
        if (impediment != null) {
            reasons.add(0, ReasonText.printable(impediment));
        }
        if (!ending.isReady()) {
            if (impediment == null) {
                reasons.add(0, "it has not joined its group yet");
            }
            return SubscriptionState.STARTING;
        }
        if (impediment != null) {
            return SubscriptionState.RECOVERING;
        }
        return paused
                ? SubscriptionState.PAUSED
                : reasons.isEmpty() ? SubscriptionState.RUNNING : SubscriptionState.DEGRADED;
    }

    private void look(Holding holding) {
        int ahead = 0;
        boolean found = false;
        for (Lane lane : holdings.lanesOf(holding)) {
            HandlerRun run = runOf(lane);
            boolean isOwn = lane.phase() == Lane.Phase.RUNNING;
            ahead += run != null && isOwn ? run.gate().completed() - lane.runCounted() : 0;
            look(lane, run);
            found |= story.tellsFull(lane);
        }
        inFlight += holding.acks.isManual() ? holding.inFlight() : Math.max(0, holding.inFlight() - ahead);
        if (story.isFull(holding) && !found) {
            reasons.add(ReasonText.printable(holding.assignment.toString()) + ": " + story.full(holding));
        }
    }

    /** Its own, or the one that keeps it from having one. */
    private @Nullable HandlerRun runOf(Lane lane) {
        return switch (lane.phase()) {
            case RUNNING -> performer.runs().get(lane.run());
            case IDLE -> lane.count() == 0 ? null : performer.runs().get(holdings.barring(lane));
            case PARKED, DEAD_LETTERING -> null;
        };
    }

    private void look(Lane lane, @Nullable HandlerRun run) {
        parked += lane.phase() == Lane.Phase.PARKED ? 1 : 0;
        LaneStory.Finding finding = story.of(lane, run == null ? null : run.current());
        if (finding != null) {
            note(finding);
        }
    }

    private void note(LaneStory.Finding finding) {
        UnfinishedMessage message = finding.message();
        if (oldest == null || message.age().compareTo(oldest.age()) > 0) {
            oldest = message;
        }
        if (finding.degraded()) {
            reasons.add(message.toString());
        }
    }

    /** A handler whose lane is gone still occupies its place. */
    private void lookForOrphans() {
        for (HandlerRun run : performer.runs().all()) {
            HandlerRun.Current call = run.current();
            if (call != null && story.isTooLong(call) && holdings.running(run.id()) == null) {
                reasons.add(call.message().position() + ": its handler still runs though its partition was taken away,"
                        + " longer than its timeout of " + parts.options().handlerTimeout());
            }
        }
    }

    private List<String> cut() {
        if (reasons.size() <= MOST_REASONS) {
            return reasons;
        }
        List<String> first = new ArrayList<>(reasons.subList(0, MOST_REASONS));
        first.add("and " + (reasons.size() - MOST_REASONS) + " more like these");
        return first;
    }
}
