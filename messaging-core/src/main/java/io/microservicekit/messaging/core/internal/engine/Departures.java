package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.core.internal.engine.Lane.Phase;
import java.util.List;

/** How assignments leave: in order, which is waited for, or at once. Part of the state machine. */
final class Departures {
    private final Holdings holdings;
    private final Setbacks setbacks;
    private final HoldingWatch watch;
    private final List<EngineCommand> commands;

    Departures(Holdings holdings, Setbacks setbacks, HoldingWatch watch, List<EngineCommand> commands) {
        this.holdings = holdings;
        this.setbacks = setbacks;
        this.watch = watch;
        this.commands = commands;
    }

    void revoking(long revocation, List<Assignment> assignments) {
        for (Assignment assignment : assignments) {
            Holding holding = holdings.get(assignment);
            if (holding != null) {
                holding.revocation = revocation;
                halt(holding);
                holdings.touch(holding);
            }
        }
        finish(revocation);
    }

    void expired(long revocation) {
        List<Holding> leaving = holdings.leaving(revocation);
        leaving.forEach(this::remove);
        if (!leaving.isEmpty()) {
            commands.add(new EngineCommand.RevocationDone(revocation));
        }
    }

    void lost(List<Assignment> assignments) {
        for (Assignment assignment : assignments) {
            Holding holding = holdings.get(assignment);
            if (holding != null) {
                halt(holding);
                remove(holding);
                finish(holding.revocation);
            }
        }
    }

    void holdDue(Holding holding, long nanos) {
        holding.holdWatched = false;
        holdings.touch(holding);
        if (!holding.isLeaving() && watch.heldTooLong(holding, nanos)) {
            holding.recycling = true;
            halt(holding);
            commands.add(new EngineCommand.Recycle(holding.assignment));
        }
    }

    /** Lets a revocation end when nothing of it is under way any more. */
    void finish(long revocation) {
        if (revocation == Holding.NONE) {
            return;
        }
        List<Holding> leaving = holdings.leaving(revocation);
        if (leaving.stream().noneMatch(Holding::isBusy)) {
            leaving.forEach(this::remove);
            commands.add(new EngineCommand.RevocationDone(revocation));
        }
    }

    private void remove(Holding holding) {
        watch.unwatchHold(holding);
        holdings.lanesOf(holding).forEach(setbacks::forget);
        holdings.remove(holding);
    }

    /** Ends whatever a holding waits for, uncounted, and keeps its runs from starting another message. */
    void halt(Holding holding) {
        for (Lane lane : holdings.lanesOf(holding)) {
            stopRun(lane);
            if (lane.phase() == Phase.PARKED) {
                setbacks.endWait(lane);
            }
        }
    }

    /** Lets handlers that were called return. */
    void stopRuns(Holding holding) {
        holdings.lanesOf(holding).forEach(this::stopRun);
    }

    private void stopRun(Lane lane) {
        if (lane.phase() == Phase.RUNNING) {
            commands.add(new EngineCommand.StopRun(lane.run()));
        }
    }
}
