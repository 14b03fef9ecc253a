package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.core.internal.engine.Lane.Phase;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What becomes of a head whose attempt failed: it waits, is written as dead letter, or goes as its policy says. Part of the state machine. */
final class Setbacks {
    private final EngineLimits limits;
    private final Holdings holdings;
    private final List<EngineCommand> commands;
    private final Tally tally;
    private final SortedMap<Long, Lane> waiting = new TreeMap<>();

    Setbacks(EngineLimits limits, Holdings holdings, List<EngineCommand> commands, Tally tally) {
        this.limits = limits;
        this.holdings = holdings;
        this.commands = commands;
        this.tally = tally;
        for (Holding holding : holdings.all()) {
            holding.lanes.forEach(this::find);
        }
    }

    private void find(Lane lane) {
        if (lane.token() != Lane.NONE) {
            waiting.put(lane.token(), lane);
        }
    }

    /** The lane that waits for a timer or dead letter, null when it no longer does. */
    @Nullable Lane waiting(long token) {
        return waiting.get(token);
    }

    /** A lane waits no longer, whatever it waited for. */
    void forget(Lane lane) {
        waiting.remove(lane.token());
    }

    /** An attempt failed for now or for good, in a lane that goes on; returns why the subscription has to stop, null when it has not. */
    @Nullable Throwable failed(Lane lane, Failure failure) {
        Setback setback = lane.setBack(failure.cause());
        if (failure.verdict() == Verdict.RETRY) {
            park(lane, ParkKind.RETRY, setback.attempt, failure.cause());
            return null;
        }
        return exhausted(lane, setback);
    }

    private @Nullable Throwable exhausted(Lane lane, Setback setback) {
        ReceivedMessage head = lane.head();
        if (!setback.exhausted) {
            setback.exhausted = true;
            commands.add(new EngineCommand.Exhausted(head, setback.cause));
        }
        if (limits.deadLetters()) {
            hold(lane);
            publishDeadLetter(lane, setback);
            return null;
        }
        return withoutDeadLetters(lane, setback, head);
    }

    private @Nullable Throwable withoutDeadLetters(Lane lane, Setback setback, ReceivedMessage head) {
        switch (limits.exhausted()) {
            case BLOCK -> park(lane, ParkKind.BLOCK, ++setback.failures, setback.cause);
            case DISCARD -> {
                commands.add(new EngineCommand.Discarded(head, setback.cause));
                finishHead(lane);
            }
            case STOP -> {
                return setback.cause;
            }
        }
        return null;
    }

    private static Assignment assignment(Lane lane) {
        return lane.holding.assignment;
    }

    private static Setback setback(Lane lane) {
        return Objects.requireNonNull(lane.setback(), "a lane that waits knows why");
    }

    private void await(Lane lane, Phase wait) {
        forget(lane);
        lane.await(wait, holdings.nextId());
        find(lane);
    }

    private void idle(Lane lane) {
        forget(lane);
        lane.idle();
    }

    private void publishDeadLetter(Lane lane, Setback setback) {
        await(lane, Phase.DEAD_LETTERING);
        EngineCommand.Why why = new EngineCommand.Why(lane.head(), setback.cause, setback.stall);
        commands.add(new EngineCommand.PublishDeadLetter(assignment(lane), lane.token(), setback.letter, why));
    }

    /** Lets the head wait; a head whose dead letter failed is held already. */
    private void park(Lane lane, ParkKind kind, int count, Throwable cause) {
        Setback setback = setback(lane);
        setback.parkKind = kind;
        ReceivedMessage head = lane.head();
        await(lane, Phase.PARKED);
        if (kind != ParkKind.DEAD_LETTER) {
            hold(lane);
        }
        commands.add(new EngineCommand.Park(
                assignment(lane), lane.token(), kind, count, new EngineCommand.Why(head, cause, setback.stall)));
    }

    /** A parked head has waited long enough. */
    void waited(Lane lane) {
        Setback setback = setback(lane);
        if (setback.parkKind == ParkKind.DEAD_LETTER) {
            publishDeadLetter(lane, setback);
        } else {
            release(lane);
            setback.attempt++;
            idle(lane);
        }
    }

    /** The dead letter of a head was written or not; in a lane that leaves it is not tried again. */
    void deadLetterSettled(Lane lane, @Nullable Throwable error, boolean goesOn) {
        if (error == null || lane.isHeadFinished()) {
            release(lane);
            finishHead(lane);
            idle(lane);
        } else if (goesOn) {
            again(lane, error);
        } else {
            release(lane);
            idle(lane);
        }
    }

    /** One that is too large is written in its next smaller form at once; in the smallest it is as stuck as one that nobody takes. */
    private void again(Lane lane, Throwable error) {
        Setback setback = setback(lane);
        LetterForm smaller = MessagingException.is(error, ErrorCode.MESSAGE_TOO_LARGE)
                ? setback.letter.smaller(limits.pointers())
                : null;
        if (smaller == null) {
            park(lane, ParkKind.DEAD_LETTER, ++setback.failures, error);
        } else {
            setback.letter = smaller;
            publishDeadLetter(lane, setback);
        }
    }

    /** Ends the wait of a parked head, uncounted. */
    void endWait(Lane lane) {
        commands.add(new EngineCommand.CancelTimer(lane.token()));
        release(lane);
        idle(lane);
    }

    /** Passes over a head that its user has finished before its next attempt. */
    void passHead(Lane lane) {
        if (lane.phase() == Phase.PARKED) {
            endWait(lane);
        }
        if (lane.phase() == Phase.IDLE) {
            finishHead(lane);
        }
    }

    private void finishHead(Lane lane) {
        tally.finished(lane.finishHead());
    }

    /** What comes behind a head that waits has to wait as long. */
    void delivered(Holding holding, List<ReceivedMessage> messages) {
        if (waiting.isEmpty() || !limits.boundsUnfinished()) {
            return;
        }
        for (ReceivedMessage message : messages) {
            Lane lane = holding.lanes.besideOthers(message);
            if (lane != null && lane.isWaiting()) {
                hold(holding.assignment, message);
            }
        }
    }

    private void hold(Lane lane) {
        hold(assignment(lane), lane.first());
        if (limits.boundsUnfinished()) {
            lane.forEachBehind(message -> hold(assignment(lane), message));
        }
    }

    private void hold(Assignment assignment, ReceivedMessage message) {
        commands.add(new EngineCommand.Hold(assignment, message.position().tag()));
    }

    private void release(Lane lane) {
        release(assignment(lane), lane.first());
        if (limits.boundsUnfinished()) {
            lane.forEachBehind(message -> release(assignment(lane), message));
        }
    }

    private void release(Assignment assignment, ReceivedMessage message) {
        commands.add(new EngineCommand.Release(assignment, message.position().tag()));
    }
}
