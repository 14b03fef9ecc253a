package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.core.internal.engine.Lane.Phase;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The lanes of a subscription, the runs on handler threads, and who may start next. Iterated in the order of assignment. */
final class Lanes {
    private final EngineLimits limits;
    private final Map<Assignment, Lane> lanes = new LinkedHashMap<>();
    private final SortedMap<Long, Lane> runs = new TreeMap<>();
    private final SortedMap<Long, Orphan> orphans = new TreeMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private long lastId = Lane.NONE;

    Lanes(EngineLimits limits) {
        this.limits = limits;
    }

    Lanes copy() {
        Lanes copy = new Lanes(limits);
        lanes.forEach((assignment, lane) -> copy.lanes.put(assignment, lane.copy()));
        runs.forEach((run, lane) -> copy.runs.put(run, copy.twin(lane)));
        ready.forEach(lane -> copy.ready.add(copy.twin(lane)));
        copy.orphans.putAll(orphans);
        copy.lastId = lastId;
        return copy;
    }

    private Lane twin(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane.assignment), "a lane that runs or waits is known");
    }

    void add(Assignment assignment) {
        lanes.put(assignment, new Lane(assignment, limits));
    }

    @Nullable Lane get(Assignment assignment) {
        return lanes.get(assignment);
    }

    /** The lane that a message was delivered in, null when it is gone. On a queue the position names the topic, the assignment the queue. */
    @Nullable Lane of(MessagePosition position) {
        Lane lane = lanes.get(new Assignment(position.topic(), position.partition(), position.epoch()));
        if (lane != null || position.partition() >= 0) {
            return lane;
        }
        return lanes.values().stream()
                .filter(other -> other.assignment.partition() < 0 && other.assignment.epoch() == position.epoch())
                .findFirst()
                .orElse(null);
    }

    long nextId() {
        return ++lastId;
    }

    boolean holds(Lane lane) {
        return lanes.get(lane.assignment) == lane;
    }

    Collection<Lane> all() {
        return lanes.values();
    }

    int size() {
        return lanes.size();
    }

    List<Lane> leaving(long revocation) {
        return lanes.values().stream()
                .filter(lane -> lane.revocation == revocation)
                .toList();
    }

    List<Lane> at(Assignment place) {
        return lanes.values().stream().filter(lane -> lane.samePlace(place)).toList();
    }

    /** Forgets a lane; what still runs of it keeps its place taken until it returns, but its result will count for nothing. */
    void remove(Lane lane) {
        orphan(lane);
        lanes.remove(lane.assignment);
        ready.remove(lane);
    }

    void orphan(Lane lane) {
        if (lane.phase == Phase.RUNNING) {
            runs.remove(lane.run);
            orphans.put(lane.run, new Orphan(lane.assignment, lane.runCounted));
        }
    }

    @Nullable Lane running(long run) {
        return runs.get(run);
    }

    @Nullable Orphan endOrphan(long run) {
        return orphans.remove(run);
    }

    Lane endRun(long run) {
        Lane lane = runs.remove(run);
        if (lane == null) {
            throw new IllegalStateException("run " + run + " finished, but was never started");
        }
        return lane;
    }

    void enqueue(Lane lane) {
        if (!lane.queued && canRun(lane)) {
            lane.queued = true;
            ready.add(lane);
        }
    }

    void clearQueue() {
        ready.forEach(lane -> lane.queued = false);
        ready.clear();
    }

    boolean othersWait() {
        return !ready.isEmpty();
    }

    /** The next lane that may start a run now, taken from the queue; null when there is none or all handlers are busy. */
    @Nullable Lane next() {
        while (runs.size() + orphans.size() < limits.concurrency() && !ready.isEmpty()) {
            Lane lane = ready.remove();
            lane.queued = false;
            if (canRun(lane)) {
                return lane;
            }
        }
        return null;
    }

    List<ReceivedMessage> start(Lane lane, long run) {
        runs.put(run, lane);
        return lane.startRun(run, Math.min(EngineLimits.MAX_RUN, room(lane)));
    }

    private boolean canRun(Lane lane) {
        return lane.phase == Phase.IDLE
                && !lane.isLeaving()
                && !lane.backlog.isEmpty()
                && room(lane) > 0
                && orphans.values().stream().noneMatch(orphan -> lane.samePlace(orphan.assignment()));
    }

    private int room(Lane lane) {
        return limits.maxUncommitted() - lane.acks.uncommitted();
    }

    boolean quiet() {
        return orphans.isEmpty() && lanes.values().stream().noneMatch(Lane::isBusy);
    }

    String dump() {
        StringBuilder text = new StringBuilder();
        lanes.values().forEach(lane -> text.append('\n').append(lane.dump()));
        ready.forEach(lane -> text.append("\nnext ").append(lane.assignment));
        orphans.values()
                .forEach(orphan -> text.append("\norphan ")
                        .append(orphan.assignment())
                        .append(" counted=")
                        .append(orphan.counted()));
        return text.toString();
    }

    /**
     * A run whose lane is gone.
     *
     * @param counted how many of its messages were acknowledged before
     */
    record Orphan(Assignment assignment, int counted) {}
}
