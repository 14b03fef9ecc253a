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

    /** Null when nothing in the lane is unfinished, or it has just been. */
    @Nullable Finding of(Lane lane, Running.@Nullable Current running, Stalls.@Nullable Stall stall) {
        if (lane.backlog.isEmpty()) {
            return null;
        }
        return switch (lane.phase) {
            case RUNNING -> running == null ? null : running(lane, running, stall);
            case PARKED -> parked(lane, known(stall));
            case DEAD_LETTERING -> deadLettering(lane, known(stall));
            case IDLE -> idle(lane);
        };
    }

    private static Stalls.Stall known(Stalls.@Nullable Stall stall) {
        return Objects.requireNonNull(stall, "a lane that waits was sent to wait");
    }

    private Finding running(Lane lane, Running.Current running, Stalls.@Nullable Stall stall) {
        ReceivedMessage message = running.message();
        if (!running.isCalled()) {
            return turn(lane, message);
        }
        long since = running.sinceNanos();
        String calling = "its handler has been running for " + text(lasting(since)) + beyond(running);
        if (lane.exhausted && running.index() == 0 && stall != null) {
            return found(
                    lane, message, new Wait(WaitsFor.POLICY, stall.sinceNanos(), blocks(stall) + ", " + calling, true));
        }
        return found(lane, message, new Wait(WaitsFor.HANDLER, since, calling, isTooLong(running)));
    }

    boolean isTooLong(Running.Current running) {
        Duration limit = options.handlerTimeout();
        return limit != null && running.isCalled() && now - running.sinceNanos() >= limit.toNanos();
    }

    private String beyond(Running.Current running) {
        return isTooLong(running) ? ", longer than its timeout of " + options.handlerTimeout() : "";
    }

    private Finding parked(Lane lane, Stalls.Stall stall) {
        String next = "is tried again in " + text(Duration.ofNanos(Math.max(0, stall.dueNanos() - now)));
        return switch (stall.kind()) {
            case RETRY -> retry(lane, stall, "its handler failed" + cause(stall) + " and it " + next);
            case BLOCK -> head(lane, WaitsFor.POLICY, stall, blocks(stall) + ", and " + next, true);
            case DEAD_LETTER -> head(lane, WaitsFor.DEAD_LETTER, stall, failing(stall) + ", and " + next, true);
        };
    }

    /** A retry is the ordinary, unless so much waits behind it that nothing more is taken in. */
    private Finding retry(Lane lane, Stalls.Stall stall, String detail) {
        String full = lane.intakePaused
                ? "; " + lane.backlog.count() + " messages wait behind it, no more of its partition are taken in"
                : "";
        return head(lane, WaitsFor.RETRY, stall, detail + full, lane.intakePaused);
    }

    private Finding deadLettering(Lane lane, Stalls.Stall stall) {
        boolean failed = lane.failures > 0;
        String detail = failed
                ? failing(stall) + ", and is being written again"
                : "its dead letter for '" + options.deadLetterTopic() + "' has been written for "
                        + text(lasting(stall.sinceNanos())) + " and is not confirmed";
        return head(lane, WaitsFor.DEAD_LETTER, stall, detail, failed);
    }

    private String failing(Stalls.Stall stall) {
        return "its dead letter for '" + options.deadLetterTopic() + "' has been failing for "
                + text(lasting(stall.sinceNanos())) + cause(stall);
    }

    private String blocks(Stalls.Stall stall) {
        return "it is exhausted" + cause(stall) + " and has been blocking its lane for "
                + text(lasting(stall.sinceNanos()));
    }

    private static String cause(Stalls.Stall stall) {
        return stall.cause().isEmpty() ? "" : " (" + stall.cause() + ")";
    }

    private Finding idle(Lane lane) {
        ReceivedMessage head = lane.backlog.head().withAttempt(lane.attempt);
        long received = lane.backlog.oldestNanos();
        if (lane.isLeaving()) {
            return found(lane, head, new Wait(WaitsFor.TURN, received, "its partition is being given back", false));
        }
        if (isFull(lane)) {
            return found(lane, head, new Wait(WaitsFor.COMMIT, received, full(lane), true));
        }
        return turn(lane, head);
    }

    boolean isFull(Lane lane) {
        boolean keptByUser = lane.acks.isInAnyOrder() && lane.full && lane.backlog.isEmpty();
        return lane.phase == Lane.Phase.IDLE && (keptByUser || lane.acks.uncommitted() >= options.maxUncommitted());
    }

    String full(Lane lane) {
        if (lane.acks.isInAnyOrder()) {
            return lane.inFlight() + " messages are not committed by the application, the first of them "
                    + ReasonText.printable(String.valueOf(lane.acks.firstUnfinished()))
                    + ": nothing more is taken in or started until it commits";
        }
        return lane.acks.uncommitted() + " handled messages are not committed at the broker, and "
                + options.maxUncommitted() + " are the most that may be";
    }

    private Finding turn(Lane lane, ReceivedMessage message) {
        return found(
                lane, message, new Wait(WaitsFor.TURN, lane.backlog.oldestNanos(), "it waits for its turn", false));
    }

    private Finding head(Lane lane, WaitsFor waitsFor, Stalls.Stall stall, String detail, boolean degraded) {
        ReceivedMessage head = lane.backlog.head().withAttempt(lane.attempt);
        return found(lane, head, new Wait(waitsFor, stall.sinceNanos(), detail, degraded));
    }

    private Finding found(Lane lane, ReceivedMessage message, Wait wait) {
        MessagePosition place = message.position();
        UnfinishedMessage unfinished = new UnfinishedMessage(
                ReasonText.printable(place.topic()),
                place.partition(),
                place.offset(),
                message.attempt(),
                lasting(lane.backlog.oldestNanos()),
                wait.waitsFor(),
                lasting(wait.sinceNanos()),
                wait.detail());
        return new Finding(unfinished, wait.degraded());
    }

    private Duration lasting(long sinceNanos) {
        return Duration.ofNanos(Math.max(0, now - sinceNanos));
    }
}
