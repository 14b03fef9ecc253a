package io.microservicekit.messaging.core.internal.engine;

import java.util.List;

/** Keeps an assignment within the bounds of memory and of holding time, by commands to the adapter. */
final class HoldingWatch {
    private final EngineLimits limits;
    private final List<EngineCommand> commands;

    HoldingWatch(EngineLimits limits, List<EngineCommand> commands) {
        this.limits = limits;
        this.commands = commands;
    }

    /**
     * Each of {@code holdings} assignments may fill its share of the bounds, so that one that waits cannot starve the others; a paused subscription takes
     * nothing in.
     */
    void boundIntake(Holding holding, int holdings, boolean paused) {
        int share = Math.max(1, limits.maxInFlight() / holdings);
        long bytes = Math.max(1, limits.maxInFlightBytes() / holdings);
        holding.full = holding.full
                ? holding.inFlight() > share / 2 || holding.inFlightBytes() > bytes / 2
                : holding.inFlight() >= share || holding.inFlightBytes() >= bytes;
        boolean stop = holding.full || paused;
        if (stop != holding.intakePaused) {
            holding.intakePaused = stop;
            commands.add(
                    stop
                            ? new EngineCommand.PauseIntake(holding.assignment)
                            : new EngineCommand.ResumeIntake(holding.assignment));
        }
    }

    /** Sets the wake-up for the oldest unfinished delivery; one that has none has no wake-up. */
    void watchHold(Holding holding) {
        if (limits.holdNanos() == 0) {
            return;
        }
        if (holding.inFlight() == 0) {
            unwatchHold(holding);
        } else if (!holding.holdWatched) {
            holding.holdWatched = true;
            long due = holding.oldestNanos() + limits.holdNanos();
            commands.add(new EngineCommand.WatchHold(holding.assignment, due));
        }
    }

    void unwatchHold(Holding holding) {
        if (holding.holdWatched) {
            holding.holdWatched = false;
            commands.add(new EngineCommand.UnwatchHold(holding.assignment));
        }
    }

    /** Whether the oldest unfinished delivery of a woken one has been held for too long. */
    boolean heldTooLong(Holding holding, long nanos) {
        return holding.inFlight() > 0 && holding.oldestNanos() + limits.holdNanos() <= nanos;
    }
}
