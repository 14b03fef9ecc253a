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

    /** Each of {@code lanes} lanes may fill its share of the bounds, so that one that waits cannot starve the others. */
    void boundIntake(Lane lane, int lanes) {
        int share = Math.max(1, limits.maxInFlight() / lanes);
        long bytes = Math.max(1, limits.maxInFlightBytes() / lanes);
        Backlog backlog = lane.backlog;
        if (!lane.intakePaused && (backlog.count() >= share || backlog.bytes() >= bytes)) {
            lane.intakePaused = true;
            commands.add(new EngineCommand.PauseIntake(lane.assignment));
        } else if (lane.intakePaused && backlog.count() <= share / 2 && backlog.bytes() <= bytes / 2) {
            lane.intakePaused = false;
            commands.add(new EngineCommand.ResumeIntake(lane.assignment));
        }
    }

    /** Sets the wake-up for the oldest unfinished delivery; a lane without one has none. */
    void watchHold(Lane lane) {
        if (limits.holdNanos() == 0) {
            return;
        }
        if (lane.backlog.isEmpty()) {
            unwatchHold(lane);
        } else if (!lane.holdWatched) {
            lane.holdWatched = true;
            long due = lane.backlog.oldestNanos() + limits.holdNanos();
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
        return !lane.backlog.isEmpty() && lane.backlog.oldestNanos() + limits.holdNanos() <= nanos;
    }
}
