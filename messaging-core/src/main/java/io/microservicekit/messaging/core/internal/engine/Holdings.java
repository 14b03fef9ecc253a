package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The assignments of a subscription, the runs handed over, and who may start next. Iterated in the order of assignment. */
final class Holdings {
    private final EngineLimits limits;
    private final Map<Assignment, Holding> holdings = new LinkedHashMap<>();
    private final Map<Long, Lane> runs = new LinkedHashMap<>();
    private final SortedMap<Long, Orphan> orphans = new TreeMap<>();
    private final ArrayDeque<Holding> waiting = new ArrayDeque<>();
    private final ArrayDeque<Holding> touched = new ArrayDeque<>();
    private long lastId = Lane.NONE;

    Holdings(EngineLimits limits) {
        this.limits = limits;
    }

    Holdings copy() {
        Holdings copy = new Holdings(limits);
        holdings.forEach((assignment, holding) -> copy.holdings.put(assignment, holding.copy()));
        runs.forEach(
                (run, lane) -> copy.runs.put(run, copy.twin(lane.holding).lanes.twin(lane)));
        waiting.forEach(holding -> copy.waiting.add(copy.twin(holding)));
        copy.orphans.putAll(orphans);
        copy.lastId = lastId;
        return copy;
    }

    private Holding twin(Holding holding) {
        return Objects.requireNonNull(holdings.get(holding.assignment), "what runs or waits is known");
    }

    void add(Assignment assignment) {
        holdings.put(assignment, new Holding(assignment, limits));
    }

    /** How many handled messages would come again after a crash. */
    long uncommitted() {
        return holdings.values().stream()
                .mapToLong(holding -> holding.acks.uncommitted())
                .sum();
    }

    @Nullable Holding get(Assignment assignment) {
        return holdings.get(assignment);
    }

    /** What a message was delivered in, null when it is gone. On a queue the position names the topic, the assignment the queue. */
    @Nullable Holding of(MessagePosition position) {
        Holding holding = holdings.get(new Assignment(position.topic(), position.partition(), position.epoch()));
        if (holding != null || position.partition() >= 0) {
            return holding;
        }
        return holdings.values().stream()
                .filter(other -> other.assignment.partition() < 0 && other.assignment.epoch() == position.epoch())
                .findFirst()
                .orElse(null);
    }

    /** An event has changed it: it is to be looked at once more. */
    void touch(Holding holding) {
        if (!holding.touched) {
            holding.touched = true;
            touched.add(holding);
        }
    }

    /** Those that are to be looked at once more, in that order. */
    Collection<Holding> touched() {
        return touched;
    }

    @Nullable Holding nextTouched() {
        Holding next = touched.poll();
        if (next != null) {
            next.touched = false;
        }
        return next;
    }

    long nextId() {
        return ++lastId;
    }

    boolean holds(Holding holding) {
        return holdings.get(holding.assignment) == holding;
    }

    Collection<Holding> all() {
        return holdings.values();
    }

    int size() {
        return holdings.size();
    }

    List<Holding> leaving(long revocation) {
        return holdings.values().stream()
                .filter(holding -> holding.revocation == revocation)
                .toList();
    }

    List<Holding> at(Assignment place) {
        return holdings.values().stream()
                .filter(holding -> holding.samePlace(place))
                .toList();
    }

    /** The lanes of a holding that have messages, or a run that still owes its report. */
    List<Lane> lanesOf(Holding holding) {
        List<Lane> lanes = new ArrayList<>();
        runs.values().stream()
                .filter(lane -> lane.holding == holding && lane.count() == 0)
                .forEach(lanes::add);
        holding.lanes.forEach(lanes::add);
        return lanes;
    }

    /** Forgets a holding; what still runs of it keeps its place taken until it returns, but its result will count for nothing. */
    void remove(Holding holding) {
        lanesOf(holding).forEach(this::orphan);
        holdings.remove(holding.assignment);
        waiting.remove(holding);
    }

    void orphan(Lane lane) {
        if (lane.phase() == Lane.Phase.RUNNING) {
            runs.remove(lane.run());
            ReceivedMessage current = lane.hasRunLeft() ? lane.first() : null;
            orphans.put(lane.run(), new Orphan(lane.holding.assignment, lane.runCounted(), current));
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

    void enqueue(Holding holding) {
        if (!holding.queued && holding.hasReady()) {
            holding.queued = true;
            waiting.add(holding);
        }
    }

    void clearQueue() {
        waiting.forEach(holding -> holding.queued = false);
        waiting.clear();
    }

    boolean othersWait() {
        return !waiting.isEmpty() || runs.size() > limits.concurrency();
    }

    /** The next lane that may start a run now; null when there is none or as much is handed over as may be. Assignments take turns. */
    @Nullable Lane next() {
        while (runs.size() + orphans.size() < limits.runs() && !waiting.isEmpty()) {
            Holding holding = waiting.remove();
            holding.queued = false;
            Lane lane = holding.next(this::isBarred);
            if (lane != null) {
                return lane;
            }
        }
        return null;
    }

    List<ReceivedMessage> start(Lane lane, long run) {
        runs.put(run, lane);
        List<ReceivedMessage> messages = lane.holding.start(lane, run);
        enqueue(lane.holding);
        return messages;
    }

    /** Whether a handler of a former assignment may still be busy with a message of the lane. */
    private boolean isBarred(Lane lane) {
        return barring(lane) != Lane.NONE;
    }

    /** The run of a former assignment whose handler may still be busy with a message of the lane, {@link Lane#NONE} when there is none. */
    long barring(Lane lane) {
        if (orphans.isEmpty()) {
            return Lane.NONE;
        }
        return orphans.entrySet().stream()
                .filter(orphan -> lane.holding.samePlace(orphan.getValue().assignment())
                        && orphan.getValue().bars(lane, limits))
                .mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElse(Lane.NONE);
    }

    boolean quiet() {
        return orphans.isEmpty() && holdings.values().stream().noneMatch(Holding::isBusy);
    }

    String dump() {
        StringBuilder text = new StringBuilder();
        holdings.values().forEach(holding -> text.append('\n').append(holding.dump()));
        runs.values().stream()
                .filter(lane -> lane.count() == 0)
                .forEach(lane -> text.append("\nowes ")
                        .append(lane.holding.assignment)
                        .append(' ')
                        .append(lane.dump()));
        waiting.forEach(holding -> text.append("\nnext ").append(holding.assignment));
        orphans.values().forEach(orphan -> text.append("\norphan ").append(orphan.dump()));
        return text.toString();
    }

    /**
     * A run whose holding is gone.
     *
     * @param counted how many of its messages were acknowledged before
     * @param current the message that a handler may be busy with, null when all of them were handled
     */
    record Orphan(
            Assignment assignment, int counted, @Nullable ReceivedMessage current) {
        boolean bars(Lane lane, EngineLimits limits) {
            return limits.ordering() == OrderingMode.PARTITION || (current != null && lane.isBarredBy(current));
        }

        String dump() {
            return assignment + " counted=" + counted
                    + (current == null ? "" : " at " + current.position().tag());
        }
    }
}
