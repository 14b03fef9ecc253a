package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.core.internal.engine.Lane.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The consumption engine as a state machine with one writer: {@link #apply} takes an event and returns commands; it does no I/O, knows no clock
 * and no thread. Invariants: what is acknowledged is finished; nothing starts in a lane that runs or waits, of a holding that leaves, or beside what
 * still runs of a former one; a result of a holding that is gone changes nothing.
 */
final class EngineState {
    private final EngineLimits limits;
    private final Holdings holdings;
    private final List<EngineCommand> commands = new ArrayList<>();
    private final HoldingWatch watch;
    private final List<MessagePosition> abandoned = new ArrayList<>();
    private final List<EngineCommand> afterAcknowledging = new ArrayList<>();
    private final Tally tally;
    private final Setbacks setbacks;
    private final Departures departures;
    private Stage stage = Stage.OPEN;
    private boolean paused;
    private long returned;

    EngineState(EngineLimits limits) {
        this(limits, new Holdings(limits));
    }

    EngineState(EngineLimits limits, Holdings holdings) {
        this(limits, holdings, new Tally());
    }

    private EngineState(EngineLimits limits, Holdings holdings, Tally tally) {
        this.limits = limits;
        this.holdings = holdings;
        this.tally = tally;
        this.watch = new HoldingWatch(limits, commands);
        this.setbacks = new Setbacks(limits, holdings, commands, tally);
        this.departures = new Departures(holdings, setbacks, watch, commands);
    }

    /** Applies an event and returns what is to be done, valid until the next call. */
    List<EngineCommand> apply(EngineEvent event) {
        commands.clear();
        event.applyTo(this);
        // All of them before any is let go: the runs of several that leave together may have ended in one event.
        holdings.touched().forEach(this::acknowledge);
        for (Holding holding = holdings.nextTouched(); holding != null; holding = holdings.nextTouched()) {
            settle(holding);
        }
        commands.addAll(afterAcknowledging);
        afterAcknowledging.clear();
        dispatch();
        if (stage == Stage.STOPPING && holdings.quiet()) {
            drained();
        }
        return commands;
    }

    private void freed(Lane lane) {
        lane.holding.freed(lane);
        holdings.touch(lane.holding);
    }

    void assigned(List<Assignment> assignments) {
        if (stage == Stage.OPEN) {
            assignments.forEach(holdings::add);
        }
        for (Assignment assignment : assignments) {
            Holding holding = holdings.get(assignment);
            if (paused && holding != null) {
                holdings.touch(holding);
            }
        }
    }

    void delivered(Assignment assignment, List<ReceivedMessage> messages, long nanos) {
        Holding holding = holdings.get(assignment);
        if (holding == null || holding.revocation != Holding.NONE || stage != Stage.OPEN) {
            return;
        }
        holding.deliver(messages, nanos);
        setbacks.delivered(holding, messages);
        holdings.touch(holding);
    }

    void progressed(long run, int completed) {
        Lane lane = holdings.running(run);
        if (lane == null) {
            return;
        }
        count(lane, completed);
        if (lane.tick() && holdings.othersWait()) {
            commands.add(new EngineCommand.StopRun(run));
        }
        holdings.touch(lane.holding);
    }

    void runFinished(long run, int completed, @Nullable Failure failure) {
        Holdings.Orphan orphan = holdings.endOrphan(run);
        if (orphan != null) {
            orphanFinished(orphan, completed, failure);
            return;
        }
        Lane lane = holdings.endRun(run);
        count(lane, completed);
        lane.idle();
        if (failure != null) {
            attemptFailed(lane, failure);
        }
        freed(lane);
    }

    private void orphanFinished(Holdings.Orphan orphan, int completed, @Nullable Failure failure) {
        commands.add(new EngineCommand.Dropped(orphan.assignment(), completed - orphan.counted()));
        for (Holding holding : holdings.at(orphan.assignment())) {
            holding.lanes.forEach(holding::ready);
            holdings.touch(holding);
        }
        if (failure != null && failure.verdict() == Verdict.FATAL) {
            fail(failure.cause());
        }
    }

    private void attemptFailed(Lane lane, Failure failure) {
        if (failure.verdict() == Verdict.FATAL) {
            fail(failure.cause());
        } else if (lane.isHeadFinished()) {
            setbacks.passHead(lane);
        } else if (goesOn(lane.holding)) {
            Throwable fatal = setbacks.failed(lane, failure);
            if (fatal != null) {
                fail(fatal);
            }
        }
    }

    private boolean goesOn(Holding holding) {
        return stage == Stage.OPEN && !holding.isLeaving();
    }

    void timerDue(long token) {
        Lane lane = setbacks.waiting(token);
        if (lane != null && lane.phase() == Phase.PARKED) {
            setbacks.waited(lane);
            freed(lane);
        }
    }

    void deadLetterSettled(long token, @Nullable Throwable error) {
        Lane lane = setbacks.waiting(token);
        if (lane != null && lane.phase() == Phase.DEAD_LETTERING) {
            setbacks.deadLetterSettled(lane, error, goesOn(lane.holding));
            freed(lane);
        }
    }

    /** A user finishes a message; where a lower one is unfinished that takes effect with it, else the broker is waited for. */
    void commit(long ticket, ReceivedMessage message) {
        Holding holding = stage == Stage.STOPPED || !limits.manual() ? null : holdings.of(message.position());
        Lane lane = holding == null ? null : holding.lanes.withHead(message);
        Window.Finish outcome = holding == null ? Window.Finish.UNKNOWN : holding.acks.finish(message);
        if (holding == null || outcome == Window.Finish.UNKNOWN) {
            commands.add(new EngineCommand.CommitAnswered(ticket, false));
            return;
        }
        holdings.touch(holding);
        if (outcome == Window.Finish.NEWLY) {
            tally.finished(1);
            if (lane != null) {
                setbacks.passHead(lane);
                freed(lane);
            }
        }
        afterAcknowledging.add(
                holding.acks.isCovered(message) && holding.acks.isAwaited()
                        ? new EngineCommand.Flush(holding.assignment, ticket)
                        : new EngineCommand.CommitAnswered(ticket, true));
    }

    /** Lets handlers that were called return, and starts nothing more; dead letters under way are written all the same. */
    void pause() {
        if (!paused && stage == Stage.OPEN) {
            paused = true;
            for (Holding holding : holdings.all()) {
                departures.stopRuns(holding);
                holdings.touch(holding);
            }
        }
    }

    void resume() {
        if (paused) {
            paused = false;
            holdings.all().forEach(holdings::touch);
        }
    }

    void acknowledged(Assignment assignment, long upTo) {
        Holding holding = holdings.get(assignment);
        if (holding != null) {
            holding.acks.taken(upTo);
            holdings.touch(holding);
        }
    }

    void revoking(long revocation, List<Assignment> assignments) {
        departures.revoking(revocation, assignments);
    }

    void revokeExpired(long revocation) {
        departures.expired(revocation);
    }

    void lost(List<Assignment> assignments) {
        departures.lost(assignments);
    }

    void holdDue(Assignment assignment, long nanos) {
        Holding holding = holdings.get(assignment);
        if (holding != null && holding.holdWatched && stage == Stage.OPEN) {
            departures.holdDue(holding, nanos);
        }
    }

    void stop() {
        if (stage != Stage.OPEN) {
            return;
        }
        stage = Stage.STOPPING;
        tally.stop();
        holdings.clearQueue();
        holdings.all().forEach(departures::halt);
        holdings.all().forEach(holdings::touch);
    }

    void stopExpired() {
        stop();
        if (stage != Stage.STOPPING) {
            return;
        }
        for (Holding holding : holdings.all()) {
            holdings.lanesOf(holding).forEach(this::abandon);
        }
        drained();
    }

    private void abandon(Lane lane) {
        if (lane.hasRunLeft() && !lane.isHeadFinished()) {
            abandoned.add(lane.first().position());
        }
        holdings.orphan(lane);
        setbacks.forget(lane);
        lane.idle();
    }

    private void fail(Throwable cause) {
        commands.add(new EngineCommand.Failed(cause));
        stop();
    }

    private void drained() {
        stage = Stage.STOPPED;
        holdings.all().forEach(this::acknowledge);
        returned = holdings.all().stream().mapToLong(Holding::inFlight).sum() - abandoned.size();
        commands.add(new EngineCommand.Drained());
    }

    private void settle(Holding holding) {
        if (!holdings.holds(holding)) {
            return;
        }
        if (holding.revocation != Holding.NONE) {
            departures.finish(holding.revocation);
            return;
        }
        if (goesOn(holding)) {
            watch.watchHold(holding);
            watch.boundIntake(holding, holdings.size(), paused);
            holdings.enqueue(holding);
        }
    }

    private void acknowledge(Holding holding) {
        if (holding.acks.hasNews() && holdings.holds(holding)) {
            long upTo = holding.acks.passOn();
            commands.add(new EngineCommand.Acknowledge(holding.assignment, upTo, holding.acks.passOnAbove()));
        }
    }

    private void dispatch() {
        if (stage != Stage.OPEN || paused) {
            return;
        }
        for (Lane lane = holdings.next(); lane != null; lane = holdings.next()) {
            int attempt = lane.attempt();
            List<ReceivedMessage> messages = holdings.start(lane, holdings.nextId());
            commands.add(new EngineCommand.StartRun(lane.run(), lane.holding.assignment, messages, attempt));
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
        EngineState copy = new EngineState(limits, holdings.copy(), tally.copy());
        copy.abandoned.addAll(abandoned);
        copy.stage = stage;
        copy.paused = paused;
        copy.returned = returned;
        return copy;
    }

    /** The state as canonical text: equal for states that behave equally, but for the numbers of runs, timers and revocations. */
    String dump() {
        return stage + (paused ? " paused" : "") + holdings.dump();
    }

    private enum Stage {
        OPEN,
        STOPPING,
        STOPPED
    }
}
