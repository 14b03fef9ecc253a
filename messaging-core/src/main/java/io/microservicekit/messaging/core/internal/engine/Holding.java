package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An assignment in the engine's hands: its lanes, which of them may start, what of it is finished, and whether it is leaving. */
final class Holding {
    static final long NONE = 0;

    final Assignment assignment;
    final AckLog acks;
    final LaneSet lanes;
    private final EngineLimits limits;
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    long revocation = NONE;
    boolean recycling;
    boolean intakePaused;

    /** Whether it has reached its share of the bounds and not come down to half of it again. */
    boolean full;

    boolean holdWatched;

    /** Whether it stands in the queue of those that may start a lane, and in that of those that an event has changed. */
    boolean queued;

    boolean touched;
    private int claimed;
    private int busy;

    Holding(Assignment assignment, EngineLimits limits) {
        this.assignment = assignment;
        this.limits = limits;
        this.acks = AckLog.of(limits);
        this.lanes = limits.ordering() == OrderingMode.PARTITION
                ? new OneLane(this)
                : new KeyLanes(this, limits.ordering() == OrderingMode.KEY);
    }

    private Holding(Holding from) {
        assignment = from.assignment;
        limits = from.limits;
        acks = from.acks.copy();
        lanes = from.lanes.copy(this);
        revocation = from.revocation;
        recycling = from.recycling;
        intakePaused = from.intakePaused;
        full = from.full;
        holdWatched = from.holdWatched;
        queued = from.queued;
        claimed = from.claimed;
        busy = from.busy;
    }

    Holding copy() {
        Holding copy = new Holding(this);
        // a lane without messages may still stand in the queue, where it means nothing
        for (Lane lane : ready) {
            if (lane.count() > 0 || lane == lanes) {
                copy.ready.add(copy.lanes.twin(lane));
            }
        }
        return copy;
    }

    boolean isLeaving() {
        return revocation != NONE || recycling;
    }

    boolean isBusy() {
        return busy > 0;
    }

    void deliver(List<ReceivedMessage> messages, long nanos) {
        Chunk chunk = new Chunk(messages, nanos);
        acks.delivered(chunk);
        lanes.deliver(chunk);
    }

    /** A lane is about to change. */
    void without(Lane lane) {
        claimed -= lane.claim();
        busy -= lane.isBusy() ? 1 : 0;
    }

    /** A lane has changed. */
    void with(Lane lane) {
        claimed += lane.claim();
        busy += lane.isBusy() ? 1 : 0;
    }

    /** Queues a lane that may start once it is its turn. */
    void ready(Lane lane) {
        if (!lane.queued && lane.isReady()) {
            lane.queued = true;
            ready.add(lane);
        }
    }

    /** A lane may do something else now, or nothing more at all. */
    void freed(Lane lane) {
        if (lane.count() > 0) {
            ready(lane);
        } else if (!lane.isBusy()) {
            lanes.forget(lane);
        }
    }

    boolean hasReady() {
        return !isLeaving() && !ready.isEmpty();
    }

    /** The next lane that may start now; null when there is none. Where the bound leaves no room the lowest message alone may go on. */
    @Nullable Lane next(Predicate<Lane> barred) {
        while (hasReady()) {
            Lane lane = ready.getFirst();
            boolean startable = lane.isReady() && !barred.test(lane);
            if (startable && room(lane) <= 0) {
                return lowest(barred);
            }
            ready.removeFirst();
            lane.queued = false;
            if (startable) {
                return lane;
            }
        }
        return null;
    }

    private @Nullable Lane lowest(Predicate<Lane> barred) {
        Lane lane = lanes.lowest();
        return lane != null && lane.isReady() && room(lane) > 0 && !barred.test(lane) ? lane : null;
    }

    /**
     * How many messages of a lane the bound of uncommitted ones lets start, beside all that may still be handled without starting anew. One place is
     * kept for the lowest message: without it the others could fill the bound for ever, since nothing is committed before it.
     */
    int room(Lane lane) {
        int kept = lanes.isLowestClaimed() || lanes.lowest() == lane ? 0 : 1;
        return limits.maxUncommitted() - acks.uncommitted() - claimed + lane.claim() - kept;
    }

    /** Whether a lane has to wait until more is committed, or would have to. */
    boolean lacksRoom() {
        Lane next = ready.peek();
        boolean waits = next != null && next.isReady() && room(next) <= 0;
        return !isLeaving() && (waits || acks.uncommitted() >= limits.maxUncommitted());
    }

    List<ReceivedMessage> start(Lane lane, long run) {
        return lane.startRun(run, Math.min(EngineLimits.MAX_RUN, room(lane)));
    }

    int inFlight() {
        return lanes.inFlight();
    }

    long inFlightBytes() {
        return lanes.inFlightBytes();
    }

    /** When the oldest unfinished message was delivered; there is one. */
    long oldestNanos() {
        return lanes.oldestNanos();
    }

    boolean samePlace(Assignment other) {
        return assignment.partition() == other.partition() && assignment.topic().equals(other.topic());
    }

    String dump() {
        StringBuilder text = new StringBuilder(assignment + " acks=" + acks.dump() + " " + lanes.dump()
                + (revocation == NONE ? "" : " revoking") + (recycling ? " recycling" : "")
                + (intakePaused ? " paused" : "") + (full ? " full" : "") + (holdWatched ? " watched" : ""));
        if (ready.size() > 1) {
            text.append(" ready");
            ready.stream()
                    .filter(lane -> lane.count() > 0)
                    .forEach(lane ->
                            text.append(' ').append(lane.first().position().tag()));
        }
        return text.toString();
    }
}
