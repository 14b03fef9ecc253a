package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.core.internal.engine.Lane.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
    private final List<EngineCommand> afterAcknowledging = new ArrayList<>();
    private final Tally tally;
    private final Setbacks setbacks;
    private Stage stage = Stage.OPEN;
    private boolean paused;
    private long returned;

    EngineState(EngineLimits limits) {
        this(limits, new Lanes(limits));
    }

    EngineState(EngineLimits limits, Lanes lanes) {
        this(limits, lanes, new Tally());
    }

    private EngineState(EngineLimits limits, Lanes lanes, Tally tally) {
        this.limits = limits;
        this.lanes = lanes;
        this.tally = tally;
        this.watch = new LaneWatch(limits, commands);
        this.setbacks = new Setbacks(limits, lanes, commands, tally);
    }

    /** Applies an event and returns what is to be done, valid until the next call. */
    List<EngineCommand> apply(EngineEvent event) {
        commands.clear();
        event.applyTo(this);
        while (!touched.isEmpty()) {
            settle(touched.remove());
        }
        commands.addAll(afterAcknowledging);
        afterAcknowledging.clear();
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
        for (Assignment assignment : assignments) {
            Lane lane = lanes.get(assignment);
            if (paused && lane != null) {
                touched.add(lane);
            }
        }
    }

    void delivered(Assignment assignment, List<ReceivedMessage> messages, long nanos) {
        Lane lane = lanes.get(assignment);
        if (lane == null || lane.revocation != Lane.NONE || stage != Stage.OPEN) {
            return;
        }
        lane.deliver(messages, nanos);
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
        if (failure.verdict() == Verdict.FATAL) {
            fail(failure.cause());
        } else if (lane.isHeadFinished()) {
            setbacks.passHead(lane);
        } else if (goesOn(lane)) {
            Throwable fatal = setbacks.failed(lane, failure);
            if (fatal != null) {
                fail(fatal);
            }
        }
    }

    private boolean goesOn(Lane lane) {
        return stage == Stage.OPEN && !lane.isLeaving();
    }

    void timerDue(Assignment assignment, long token) {
        Lane lane = lanes.get(assignment);
        if (lane != null && lane.is(Phase.PARKED, token)) {
            touched.add(lane);
            setbacks.waited(lane);
        }
    }

    void deadLetterSettled(Assignment assignment, long token, @Nullable Throwable error) {
        Lane lane = lanes.get(assignment);
        if (lane != null && lane.is(Phase.DEAD_LETTERING, token)) {
            touched.add(lane);
            setbacks.deadLetterSettled(lane, error, goesOn(lane));
        }
    }

    /** A user finishes a message; where a lower one is unfinished that takes effect with it, else the broker is waited for. */
    void commit(long ticket, ReceivedMessage message) {
        Lane lane = stage == Stage.STOPPED ? null : lanes.of(message.position());
        Window.Finish outcome = lane == null || !limits.manual() ? Window.Finish.UNKNOWN : lane.acks.finish(message);
        if (lane == null || outcome == Window.Finish.UNKNOWN) {
            commands.add(new EngineCommand.CommitAnswered(ticket, false));
            return;
        }
        touched.add(lane);
        if (outcome == Window.Finish.NEWLY) {
            tally.finished(1);
            if (lane.hasHead(message)) {
                setbacks.passHead(lane);
            }
        }
        afterAcknowledging.add(
                lane.acks.isCovered(message) && lane.acks.isAwaited()
                        ? new EngineCommand.Flush(lane.assignment, ticket)
                        : new EngineCommand.CommitAnswered(ticket, true));
    }

    /** Lets handlers that were called return, and starts nothing more; dead letters under way are written all the same. */
    void pause() {
        if (!paused && stage == Stage.OPEN) {
            paused = true;
            for (Lane lane : lanes.all()) {
                stopRun(lane);
                touched.add(lane);
            }
        }
    }

    void resume() {
        if (paused) {
            paused = false;
            touched.addAll(lanes.all());
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
        tally.stop();
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
            if (lane.hasRunLeft() && !lane.isHeadFinished()) {
                abandoned.add(lane.head().position());
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
        returned = lanes.all().stream().mapToLong(Lane::inFlight).sum() - abandoned.size();
        commands.add(new EngineCommand.Drained());
    }

    /** Ends whatever a lane waits for, uncounted, and keeps its run from starting another message. */
    private void halt(Lane lane) {
        stopRun(lane);
        if (lane.phase == Phase.PARKED) {
            setbacks.endWait(lane);
        }
    }

    private void stopRun(Lane lane) {
        if (lane.phase == Phase.RUNNING) {
            commands.add(new EngineCommand.StopRun(lane.run));
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
        if (goesOn(lane)) {
            watch.watchHold(lane);
            watch.boundIntake(lane, lanes.size(), paused);
            lanes.enqueue(lane);
        }
    }

    private void acknowledge(Lane lane) {
        if (lane.acks.hasNews()) {
            long upTo = lane.acks.passOn();
            commands.add(new EngineCommand.Acknowledge(lane.assignment, upTo, lane.acks.passOnAbove()));
        }
    }

    private void dispatch() {
        if (stage != Stage.OPEN || paused) {
            return;
        }
        for (Lane lane = lanes.next(); lane != null; lane = lanes.next()) {
            List<ReceivedMessage> messages = lanes.start(lane, lanes.nextId());
            commands.add(new EngineCommand.StartRun(lane.run, lane.assignment, messages, lane.attempt));
        }
    }

    private void count(Lane lane, int completed) {
        tally.finished(lane.countRun(completed));
    }

    /** How many messages were finished after the stop began. */
    long drainedCount() {
        return tally.drained();
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
        EngineState copy = new EngineState(limits, lanes.copy(), tally.copy());
        copy.abandoned.addAll(abandoned);
        copy.stage = stage;
        copy.paused = paused;
        copy.returned = returned;
        return copy;
    }

    /** The state as canonical text: equal for states that behave equally, but for the numbers of runs, timers and revocations. */
    String dump() {
        return stage + (paused ? " paused" : "") + lanes.dump();
    }

    private enum Stage {
        OPEN,
        STOPPING,
        STOPPED
    }
}
