package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.core.internal.engine.Lane.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The consumption engine as a state machine with one writer: {@link #apply} takes an event and returns commands; it does no I/O, knows no clock
 * and no thread. Invariants: what is acknowledged is finished; nothing starts in a lane that runs, waits, leaves, or whose predecessor still runs;
 * a result of a lane that is gone changes nothing.
 */
final class EngineState {
    private final EngineLimits limits;
    private final Lanes lanes;
    private final ArrayDeque<Lane> touched = new ArrayDeque<>();
    private final List<EngineCommand> commands = new ArrayList<>();
    private final LaneWatch watch;
    private final List<MessagePosition> abandoned = new ArrayList<>();
    private Stage stage = Stage.OPEN;
    private long lastId = Lane.NONE;
    private long drained;
    private long returned;

    EngineState(EngineLimits limits) {
        this(limits, new Lanes(limits));
    }

    EngineState(EngineLimits limits, Lanes lanes) {
        this.limits = limits;
        this.lanes = lanes;
        this.watch = new LaneWatch(limits, commands);
    }

    /** Applies an event and returns what is to be done, valid until the next call. */
    List<EngineCommand> apply(EngineEvent event) {
        commands.clear();
        event.applyTo(this);
        while (!touched.isEmpty()) {
            settle(touched.remove());
        }
        dispatch();
        if (stage == Stage.STOPPING && lanes.quiet()) {
            drained();
        }
        return commands;
    }

    void assigned(List<Assignment> assignments) {
        if (stage == Stage.OPEN) {
            assignments.forEach(lanes::add);
        }
    }

    void delivered(Assignment assignment, List<ReceivedMessage> messages, long nanos) {
        Lane lane = lanes.get(assignment);
        if (lane == null || lane.revocation != Lane.NONE || stage != Stage.OPEN) {
            return;
        }
        lane.backlog.add(messages, nanos);
        touched.add(lane);
    }

    void progressed(long run, int completed) {
        Lane lane = lanes.running(run);
        if (lane == null) {
            return;
        }
        count(lane, completed);
        if (lane.runTicked && lanes.othersWait()) {
            commands.add(new EngineCommand.StopRun(run));
        }
        lane.runTicked = true;
        touched.add(lane);
    }

    void runFinished(long run, int completed, @Nullable Failure failure) {
        Lanes.Orphan orphan = lanes.endOrphan(run);
        if (orphan != null) {
            orphanFinished(orphan, completed, failure);
            return;
        }
        Lane lane = lanes.endRun(run);
        count(lane, completed);
        lane.idle();
        touched.add(lane);
        if (failure != null) {
            attemptFailed(lane, failure);
        }
    }

    private void orphanFinished(Lanes.Orphan orphan, int completed, @Nullable Failure failure) {
        commands.add(new EngineCommand.Dropped(orphan.assignment(), completed - orphan.counted()));
        touched.addAll(lanes.at(orphan.assignment()));
        if (failure != null && failure.verdict() == Verdict.FATAL) {
            fail(failure.cause());
        }
    }

    private void attemptFailed(Lane lane, Failure failure) {
        lane.cause = failure.cause();
        if (failure.verdict() == Verdict.FATAL) {
            fail(failure.cause());
        } else if (stage == Stage.OPEN && !lane.isLeaving()) {
            if (failure.verdict() == Verdict.RETRY) {
                park(lane, ParkKind.RETRY, lane.attempt, failure.cause());
            } else {
                exhausted(lane, failure.cause());
            }
        }
    }

    private void exhausted(Lane lane, Throwable cause) {
        ReceivedMessage head = head(lane);
        if (!lane.exhausted) {
            lane.exhausted = true;
            commands.add(new EngineCommand.Exhausted(head, cause));
        }
        if (limits.deadLetters()) {
            commands.add(new EngineCommand.Hold(lane.assignment, head.position().tag()));
            publishDeadLetter(lane, cause);
            return;
        }
        switch (limits.exhausted()) {
            case BLOCK -> park(lane, ParkKind.BLOCK, ++lane.failures, cause);
            case DISCARD -> {
                commands.add(new EngineCommand.Discarded(head, cause));
                finishHead(lane);
            }
            case STOP -> fail(cause);
        }
    }

    private void publishDeadLetter(Lane lane, Throwable cause) {
        lane.phase = Phase.DEAD_LETTERING;
        lane.token = ++lastId;
        commands.add(new EngineCommand.PublishDeadLetter(lane.assignment, lane.token, head(lane), cause));
    }

    /** Lets the head wait; a head whose dead letter failed is held already. */
    private void park(Lane lane, ParkKind kind, int count, Throwable cause) {
        ReceivedMessage head = head(lane);
        lane.park(kind, ++lastId);
        if (kind != ParkKind.DEAD_LETTER) {
            commands.add(new EngineCommand.Hold(lane.assignment, head.position().tag()));
        }
        commands.add(new EngineCommand.Park(lane.assignment, lane.token, kind, count, head, cause));
    }

    void timerDue(Assignment assignment, long token) {
        Lane lane = lanes.get(assignment);
        if (lane == null || !lane.is(Phase.PARKED, token)) {
            return;
        }
        touched.add(lane);
        if (lane.parkKind == ParkKind.DEAD_LETTER) {
            publishDeadLetter(lane, cause(lane));
        } else {
            release(lane);
            lane.attempt++;
            lane.idle();
        }
    }

    void deadLetterSettled(Assignment assignment, long token, @Nullable Throwable error) {
        Lane lane = lanes.get(assignment);
        if (lane == null || !lane.is(Phase.DEAD_LETTERING, token)) {
            return;
        }
        touched.add(lane);
        if (error == null) {
            release(lane);
            finishHead(lane);
            lane.idle();
        } else if (stage == Stage.OPEN && !lane.isLeaving()) {
            park(lane, ParkKind.DEAD_LETTER, ++lane.failures, error);
        } else {
            release(lane);
            lane.idle();
        }
    }

    void acknowledged(Assignment assignment, long upTo) {
        Lane lane = lanes.get(assignment);
        if (lane != null) {
            lane.acks.taken(upTo);
            touched.add(lane);
        }
    }

    void revoking(long revocation, List<Assignment> assignments) {
        for (Assignment assignment : assignments) {
            Lane lane = lanes.get(assignment);
            if (lane != null) {
                lane.revocation = revocation;
                halt(lane);
                touched.add(lane);
            }
        }
        finishRevocation(revocation);
    }

    void revokeExpired(long revocation) {
        List<Lane> leaving = lanes.leaving(revocation);
        leaving.forEach(this::remove);
        if (!leaving.isEmpty()) {
            commands.add(new EngineCommand.RevocationDone(revocation));
        }
    }

    void lost(List<Assignment> assignments) {
        for (Assignment assignment : assignments) {
            Lane lane = lanes.get(assignment);
            if (lane != null) {
                halt(lane);
                remove(lane);
                finishRevocation(lane.revocation);
            }
        }
    }

    void holdDue(Assignment assignment, long nanos) {
        Lane lane = lanes.get(assignment);
        if (lane == null || !lane.holdWatched || stage != Stage.OPEN) {
            return;
        }
        lane.holdWatched = false;
        touched.add(lane);
        if (!lane.isLeaving() && watch.heldTooLong(lane, nanos)) {
            lane.recycling = true;
            halt(lane);
            commands.add(new EngineCommand.Recycle(assignment));
        }
    }

    void stop() {
        if (stage != Stage.OPEN) {
            return;
        }
        stage = Stage.STOPPING;
        lanes.clearQueue();
        lanes.all().forEach(this::halt);
        touched.addAll(lanes.all());
    }

    void stopExpired() {
        stop();
        if (stage != Stage.STOPPING) {
            return;
        }
        for (Lane lane : lanes.all()) {
            if (lane.hasRunLeft()) {
                abandoned.add(head(lane).position());
            }
            lanes.orphan(lane);
            lane.idle();
        }
        drained();
    }

    private void fail(Throwable cause) {
        commands.add(new EngineCommand.Failed(cause));
        stop();
    }

    private void drained() {
        stage = Stage.STOPPED;
        lanes.all().forEach(this::acknowledge);
        returned = lanes.all().stream().mapToLong(lane -> lane.backlog.count()).sum() - abandoned.size();
        commands.add(new EngineCommand.Drained());
    }

    /** Ends whatever a lane waits for, uncounted, and keeps its run from starting another message. */
    private void halt(Lane lane) {
        if (lane.phase == Phase.RUNNING) {
            commands.add(new EngineCommand.StopRun(lane.run));
        } else if (lane.phase == Phase.PARKED) {
            commands.add(new EngineCommand.CancelTimer(lane.token));
            release(lane);
            lane.idle();
        }
    }

    private void remove(Lane lane) {
        watch.unwatchHold(lane);
        lanes.remove(lane);
        touched.remove(lane);
    }

    private void finishRevocation(long revocation) {
        if (revocation == Lane.NONE) {
            return;
        }
        List<Lane> leaving = lanes.leaving(revocation);
        if (leaving.stream().noneMatch(Lane::isBusy)) {
            leaving.forEach(this::remove);
            commands.add(new EngineCommand.RevocationDone(revocation));
        }
    }

    private void settle(Lane lane) {
        if (!lanes.holds(lane)) {
            return;
        }
        acknowledge(lane);
        if (lane.revocation != Lane.NONE) {
            finishRevocation(lane.revocation);
            return;
        }
        if (stage == Stage.OPEN && !lane.isLeaving()) {
            watch.watchHold(lane);
            watch.boundIntake(lane, lanes.size());
            lanes.enqueue(lane);
        }
    }

    private void acknowledge(Lane lane) {
        if (lane.acks.hasNews()) {
            commands.add(new EngineCommand.Acknowledge(lane.assignment, lane.acks.passOn()));
        }
    }

    private void dispatch() {
        if (stage != Stage.OPEN) {
            return;
        }
        for (Lane lane = lanes.next(); lane != null; lane = lanes.next()) {
            List<ReceivedMessage> messages = lanes.start(lane, ++lastId);
            commands.add(new EngineCommand.StartRun(lane.run, lane.assignment, messages, lane.attempt));
        }
    }

    private void count(Lane lane, int completed) {
        drained += stage == Stage.OPEN ? 0 : completed - lane.runCounted;
        lane.countRun(completed);
    }

    private void finishHead(Lane lane) {
        drained += stage == Stage.OPEN ? 0 : 1;
        lane.finish(1);
    }

    private void release(Lane lane) {
        commands.add(
                new EngineCommand.Release(lane.assignment, head(lane).position().tag()));
    }

    private static ReceivedMessage head(Lane lane) {
        return lane.backlog.head().withAttempt(lane.attempt);
    }

    private static Throwable cause(Lane lane) {
        return Objects.requireNonNull(lane.cause, "a lane that waits knows why");
    }

    /** How many messages were finished after the stop began. */
    long drainedCount() {
        return drained;
    }

    /** How many received messages were not finished when the stop ended, without the abandoned ones. */
    long returnedCount() {
        return returned;
    }

    /** The messages whose handler was still running when the stop ended. */
    List<MessagePosition> abandoned() {
        return abandoned;
    }

    /** A machine in the same state, sharing only messages. */
    EngineState copy() {
        EngineState copy = new EngineState(limits, lanes.copy());
        copy.abandoned.addAll(abandoned);
        copy.stage = stage;
        copy.lastId = lastId;
        copy.drained = drained;
        copy.returned = returned;
        return copy;
    }

    /** The state as canonical text: equal for states that behave equally, but for the numbers of runs, timers and revocations. */
    String dump() {
        return stage + lanes.dump();
    }

    private enum Stage {
        OPEN,
        STOPPING,
        STOPPED
    }
}
