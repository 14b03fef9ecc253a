package io.microservicekit.messaging.core.internal.engine;

import static io.microservicekit.messaging.core.internal.engine.ReasonText.text;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.UnfinishedMessage;
import io.microservicekit.messaging.api.UnfinishedMessage.WaitsFor;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says of a lane what its first unfinished message waits for, and whether that is more than the ordinary. On the loop. */
final class LaneStory {
    private final ConsumerOptions options;
    private final long now;

    LaneStory(ConsumerOptions options, long now) {
        this.options = options;
        this.now = now;
    }

    /**
     * What was found.
     *
     * @param degraded whether it keeps the lane from going on as it should
     */
    record Finding(UnfinishedMessage message, boolean degraded) {}

    private record Wait(WaitsFor waitsFor, long sinceNanos, String detail, boolean degraded) {}

    /**
     * Null when nothing in the lane is unfinished, or it has just been.
     *
     * @param running what its run is at; of an idle lane, what the run of a former assignment is at that keeps it from starting
     */
    @Nullable Finding of(Lane lane, HandlerRun.@Nullable Current running) {
        if (lane.count() == 0) {
            return null;
        }
        return switch (lane.phase()) {
            case RUNNING -> running == null ? null : running(lane, running);
            case PARKED -> parked(lane, setback(lane));
            case DEAD_LETTERING -> deadLettering(lane, setback(lane));
            case IDLE -> idle(lane, running);
        };
    }

    private static Setback setback(Lane lane) {
        return Objects.requireNonNull(lane.setback(), "a lane that waits knows why");
    }

    private Finding running(Lane lane, HandlerRun.Current running) {
        ReceivedMessage message = running.message();
        if (!running.isCalled()) {
            return turn(lane, message);
        }
        long since = running.sinceNanos();
        String calling = "its handler has been running for " + text(lasting(since)) + beyond(running);
        Setback setback = lane.setback();
        if (setback != null && setback.exhausted && running.index() == 0) {
            Stall stall = setback.stall;
            return found(
                    lane, message, new Wait(WaitsFor.POLICY, stall.sinceNanos(), blocks(stall) + ", " + calling, true));
        }
        return found(lane, message, new Wait(WaitsFor.HANDLER, since, calling, isTooLong(running)));
    }

    boolean isTooLong(HandlerRun.Current running) {
        Duration limit = options.handlerTimeout();
        return limit != null && running.isCalled() && now - running.sinceNanos() >= limit.toNanos();
    }

    private String beyond(HandlerRun.Current running) {
        return isTooLong(running) ? ", longer than its timeout of " + options.handlerTimeout() : "";
    }

    private Finding parked(Lane lane, Setback setback) {
        Stall stall = setback.stall;
        String next = "is tried again in " + text(Duration.ofNanos(Math.max(0, stall.dueNanos() - now)));
        return switch (stall.kind()) {
            case RETRY -> retry(lane, stall, "its handler failed" + cause(stall) + " and it " + next);
            case BLOCK -> head(lane, WaitsFor.POLICY, stall, blocks(stall) + ", and " + next, true);
            case DEAD_LETTER -> head(lane, WaitsFor.DEAD_LETTER, stall, failing(stall) + ", and " + next, true);
        };
    }

    /** A retry is the ordinary, unless so much waits behind it that nothing more is taken in or started. */
    private Finding retry(Lane lane, Stall stall, String detail) {
        if (lane.holding.intakePaused) {
            String full = "; " + lane.count() + " messages wait behind it, no more of its partition are taken in";
            return head(lane, WaitsFor.RETRY, stall, detail + full, true);
        }
        boolean keepsOthers = tellsFull(lane);
        return head(lane, WaitsFor.RETRY, stall, detail + (keepsOthers ? "; " + full(lane.holding) : ""), keepsOthers);
    }

    private Finding deadLettering(Lane lane, Setback setback) {
        Stall stall = setback.stall;
        boolean failed = setback.failures > 0;
        String detail = failed
                ? failing(stall) + ", and is being written again"
                : "its dead letter for '" + options.deadLetterTopic() + "' has been written for "
                        + text(lasting(stall.sinceNanos())) + " and is not confirmed";
        return head(lane, WaitsFor.DEAD_LETTER, stall, detail, failed);
    }

    private String failing(Stall stall) {
        return "its dead letter for '" + options.deadLetterTopic() + "' has been failing for "
                + text(lasting(stall.sinceNanos())) + cause(stall);
    }

    private String blocks(Stall stall) {
        return "it is exhausted" + cause(stall) + " and has been blocking its lane for "
                + text(lasting(stall.sinceNanos()));
    }

    private static String cause(Stall stall) {
        return stall.cause().isEmpty() ? "" : " (" + stall.cause() + ")";
    }

    private Finding idle(Lane lane, HandlerRun.@Nullable Current former) {
        ReceivedMessage head = lane.head();
        long received = lane.firstNanos();
        if (lane.holding.isLeaving()) {
            return found(lane, head, new Wait(WaitsFor.TURN, received, "its partition is being given back", false));
        }
        if (former != null && former.isCalled()) {
            String busy = "a handler of its former assignment still runs, since " + text(lasting(former.sinceNanos()))
                    + beyond(former);
            return found(lane, head, new Wait(WaitsFor.TURN, received, busy, true));
        }
        if (tellsFull(lane)) {
            return found(lane, head, new Wait(WaitsFor.COMMIT, received, full(lane.holding), true));
        }
        return turn(lane, head);
    }

    /** Whether it is the story of its first message that no more may start. */
    boolean tellsFull(Lane lane) {
        Setback setback = lane.setback();
        boolean ordinary = lane.phase() == Lane.Phase.IDLE
                || (lane.phase() == Lane.Phase.PARKED && setback != null && setback.parkKind == ParkKind.RETRY);
        return ordinary && lane.holding.lanes.lowest() == lane && isFull(lane.holding);
    }

    /** Whether what is not committed keeps it from taking more in, or from starting what it has. */
    boolean isFull(Holding holding) {
        boolean keptByUser = holding.acks.isManual() && holding.full && holding.lanes.lowest() == null;
        return keptByUser || holding.lacksRoom();
    }

    String full(Holding holding) {
        if (holding.acks.isManual()) {
            return holding.inFlight() + " messages are not committed by the application, the first of them "
                    + ReasonText.printable(String.valueOf(holding.acks.firstUnfinished()))
                    + ": nothing more is taken in or started until it commits";
        }
        String first = holding.acks.isInAnyOrder()
                ? "; the first unfinished message is "
                        + ReasonText.printable(String.valueOf(holding.acks.firstUnfinished()))
                : "";
        return holding.acks.uncommitted() + " handled messages are not committed at the broker, and "
                + options.maxUncommitted() + " are the most that may be" + first;
    }

    private Finding turn(Lane lane, ReceivedMessage message) {
        return found(lane, message, new Wait(WaitsFor.TURN, lane.firstNanos(), "it waits for its turn", false));
    }

    private Finding head(Lane lane, WaitsFor waitsFor, Stall stall, String detail, boolean degraded) {
        ReceivedMessage head = lane.head();
        return found(lane, head, new Wait(waitsFor, stall.sinceNanos(), detail, degraded));
    }

    private Finding found(Lane lane, ReceivedMessage message, Wait wait) {
        MessagePosition place = message.position();
        UnfinishedMessage unfinished = new UnfinishedMessage(
                ReasonText.printable(place.topic()),
                place.partition(),
                place.offset(),
                message.attempt(),
                lasting(lane.firstNanos()),
                wait.waitsFor(),
                lasting(wait.sinceNanos()),
                wait.detail());
        return new Finding(unfinished, wait.degraded());
    }

    private Duration lasting(long sinceNanos) {
        return Duration.ofNanos(Math.max(0, now - sinceNanos));
    }
}
