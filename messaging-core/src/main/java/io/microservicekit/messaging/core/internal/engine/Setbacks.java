package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.internal.engine.Lane.Phase;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What becomes of a head whose attempt failed: it waits, is written as dead letter, or goes as its policy says. Part of the state machine. */
final class Setbacks {
    private final EngineLimits limits;
    private final Lanes lanes;
    private final List<EngineCommand> commands;
    private final Tally tally;

    Setbacks(EngineLimits limits, Lanes lanes, List<EngineCommand> commands, Tally tally) {
        this.limits = limits;
        this.lanes = lanes;
        this.commands = commands;
        this.tally = tally;
    }

    /** An attempt failed for now or for good, in a lane that goes on; returns why the subscription has to stop, null when it has not. */
    @Nullable Throwable failed(Lane lane, Failure failure) {
        lane.cause = failure.cause();
        if (failure.verdict() == Verdict.RETRY) {
            park(lane, ParkKind.RETRY, lane.attempt, failure.cause());
            return null;
        }
        return exhausted(lane, failure.cause());
    }

    private @Nullable Throwable exhausted(Lane lane, Throwable cause) {
        ReceivedMessage head = lane.head();
        if (!lane.exhausted) {
            lane.exhausted = true;
            commands.add(new EngineCommand.Exhausted(head, cause));
        }
        if (limits.deadLetters()) {
            commands.add(new EngineCommand.Hold(lane.assignment, head.position().tag()));
            publishDeadLetter(lane, cause);
            return null;
        }
        return withoutDeadLetters(lane, head, cause);
    }

    private @Nullable Throwable withoutDeadLetters(Lane lane, ReceivedMessage head, Throwable cause) {
        switch (limits.exhausted()) {
            case BLOCK -> park(lane, ParkKind.BLOCK, ++lane.failures, cause);
            case DISCARD -> {
                commands.add(new EngineCommand.Discarded(head, cause));
                finishHead(lane);
            }
            case STOP -> {
                return cause;
            }
        }
        return null;
    }

    private void publishDeadLetter(Lane lane, Throwable cause) {
        lane.phase = Phase.DEAD_LETTERING;
        lane.token = lanes.nextId();
        commands.add(new EngineCommand.PublishDeadLetter(lane.assignment, lane.token, lane.head(), cause, lane.letter));
    }

    /** Lets the head wait; a head whose dead letter failed is held already. */
    private void park(Lane lane, ParkKind kind, int count, Throwable cause) {
        ReceivedMessage head = lane.head();
        lane.park(kind, lanes.nextId());
        if (kind != ParkKind.DEAD_LETTER) {
            commands.add(new EngineCommand.Hold(lane.assignment, head.position().tag()));
        }
        commands.add(new EngineCommand.Park(lane.assignment, lane.token, kind, count, head, cause));
    }

    /** A parked head has waited long enough. */
    void waited(Lane lane) {
        if (lane.parkKind == ParkKind.DEAD_LETTER) {
            publishDeadLetter(lane, Objects.requireNonNull(lane.cause, "a lane that waits knows why"));
        } else {
            release(lane);
            lane.attempt++;
            lane.idle();
        }
    }

    /** The dead letter of a head was written or not; in a lane that leaves it is not tried again. */
    void deadLetterSettled(Lane lane, @Nullable Throwable error, boolean goesOn) {
        if (error == null || lane.isHeadFinished()) {
            release(lane);
            finishHead(lane);
            lane.idle();
        } else if (goesOn) {
            again(lane, error);
        } else {
            release(lane);
            lane.idle();
        }
    }

    /** One that is too large is written in its next smaller form at once; in the smallest it is as stuck as one that nobody takes. */
    private void again(Lane lane, Throwable error) {
        LetterForm smaller = MessagingException.is(error, ErrorCode.MESSAGE_TOO_LARGE)
                ? lane.letter.smaller(limits.pointers())
                : null;
        if (smaller == null) {
            park(lane, ParkKind.DEAD_LETTER, ++lane.failures, error);
        } else {
            lane.letter = smaller;
            publishDeadLetter(lane, Objects.requireNonNull(lane.cause, "a lane that waits knows why"));
        }
    }

    /** Ends the wait of a parked head, uncounted. */
    void endWait(Lane lane) {
        commands.add(new EngineCommand.CancelTimer(lane.token));
        release(lane);
        lane.idle();
    }

    /** Passes over a head that its user has finished before its next attempt. */
    void passHead(Lane lane) {
        if (lane.phase == Phase.PARKED) {
            endWait(lane);
        }
        if (lane.phase == Phase.IDLE) {
            finishHead(lane);
        }
    }

    private void finishHead(Lane lane) {
        tally.finished(lane.finishHead());
    }

    private void release(Lane lane) {
        commands.add(new EngineCommand.Release(
                lane.assignment, lane.head().position().tag()));
    }
}
