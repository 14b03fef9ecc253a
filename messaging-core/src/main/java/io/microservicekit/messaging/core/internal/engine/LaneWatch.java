package io.microservicekit.messaging.core.internal.engine;

import java.util.List;

/** Keeps a lane within the bounds of memory and of holding time, by commands to the adapter. */
final class LaneWatch {
    private final EngineLimits limits;
    private final List<EngineCommand> commands;

    LaneWatch(EngineLimits limits, List<EngineCommand> commands) {
        this.limits = limits;
        this.commands = commands;
    }

    /**
     * Each of {@code lanes} lanes may fill its share of the bounds, so that one that waits cannot starve the others; a paused subscription takes
     * nothing in.
     */
    void boundIntake(Lane lane, int lanes, boolean paused) {
        int share = Math.max(1, limits.maxInFlight() / lanes);
        long bytes = Math.max(1, limits.maxInFlightBytes() / lanes);
        lane.full = lane.full
                ? lane.inFlight() > share / 2 || lane.inFlightBytes() > bytes / 2
                : lane.inFlight() >= share || lane.inFlightBytes() >= bytes;
        boolean stop = lane.full || paused;
        if (stop != lane.intakePaused) {
            lane.intakePaused = stop;
            commands.add(
                    stop
                            ? new EngineCommand.PauseIntake(lane.assignment)
                            : new EngineCommand.ResumeIntake(lane.assignment));
        }
    }

    /** Sets the wake-up for the oldest unfinished delivery; a lane without one has none. */
    void watchHold(Lane lane) {
        if (limits.holdNanos() == 0) {
            return;
        }
        if (lane.inFlight() == 0) {
            unwatchHold(lane);
        } else if (!lane.holdWatched) {
            lane.holdWatched = true;
            long due = lane.oldestNanos() + limits.holdNanos();
            commands.add(new EngineCommand.WatchHold(lane.assignment, due));
        }
    }

    void unwatchHold(Lane lane) {
        if (lane.holdWatched) {
            lane.holdWatched = false;
            commands.add(new EngineCommand.UnwatchHold(lane.assignment));
        }
    }

    /** Whether the oldest unfinished delivery of a woken lane has been held for too long. */
    boolean heldTooLong(Lane lane, long nanos) {
        return lane.inFlight() > 0 && lane.oldestNanos() + limits.holdNanos() <= nanos;
    }
}
