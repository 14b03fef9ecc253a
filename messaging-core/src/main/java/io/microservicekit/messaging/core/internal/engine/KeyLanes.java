package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A lane for each key that has messages, and one for each message that is in no order: without a key, or when no order is kept. */
final class KeyLanes implements LaneSet {
    private final Holding holding;
    private final boolean byKey;
    private final KeyTable table = new KeyTable();
    private Strands strands = new Strands();
    private long lowest;

    KeyLanes(Holding holding, boolean byKey) {
        this.holding = holding;
        this.byKey = byKey;
    }

    @Override
    public void deliver(Chunk chunk) {
        for (ReceivedMessage message : chunk.messages) {
            KeyLane lane = laneFor(message);
            strands.add(lane, message, chunk.nanos);
            holding.ready(lane);
        }
    }

    private KeyLane laneFor(ReceivedMessage message) {
        byte[] key = byKey ? message.key() : null;
        if (key == null) {
            return new KeyLane(holding, strands, message.topic(), null, 0);
        }
        int hash = KeyTable.hash(message.topic(), key);
        KeyLane lane = table.get(message.topic(), key, hash);
        if (lane == null) {
            lane = new KeyLane(holding, strands, message.topic(), key, hash);
            table.add(lane);
        }
        return lane;
    }

    @Override
    public @Nullable Lane lowest() {
        while (strands.holds(lowest) && (strands.lane(lowest) == null || holding.acks.isFinished(lowest))) {
            lowest++;
        }
        return strands.lane(lowest);
    }

    /** A run of its lane may not reach as far as to it: what comes before it in the lane was finished by its user, and only has to return. */
    @Override
    public boolean isLowestClaimed() {
        Lane lane = lowest();
        return lane == null || (((KeyLane) lane).firstNumber == lowest && lane.claim() > 0);
    }

    @Override
    public @Nullable Lane withHead(ReceivedMessage message) {
        long number = holding.acks.numberOf(message);
        KeyLane lane = strands.lane(number);
        return lane != null && lane.firstNumber == number ? lane : null;
    }

    @Override
    public @Nullable Lane besideOthers(ReceivedMessage message) {
        return strands.lane(holding.acks.numberOf(message));
    }

    @Override
    public void forEach(Consumer<Lane> visitor) {
        strands.forEach(visitor);
    }

    @Override
    public void forget(Lane lane) {
        KeyLane ended = (KeyLane) lane;
        if (ended.key != null) {
            table.remove(ended);
        }
    }

    /** How many keys have a lane. */
    int keys() {
        return table.size();
    }

    @Override
    public int inFlight() {
        return holding.acks.unfinished();
    }

    @Override
    public long inFlightBytes() {
        return holding.acks.unfinishedBytes();
    }

    @Override
    public long oldestNanos() {
        return holding.acks.oldestNanos();
    }

    @Override
    public KeyLanes copy(Holding copiedHolding) {
        KeyLanes copy = new KeyLanes(copiedHolding, byKey);
        copy.strands = strands.copy((lane, copied) -> copy.adopt(lane, copied));
        return copy;
    }

    private KeyLane adopt(KeyLane original, Strands copied) {
        KeyLane twin = original.copy(holding, copied);
        if (twin.key != null) {
            table.add(twin);
        }
        return twin;
    }

    @Override
    public Lane twin(Lane original) {
        KeyLane lane = (KeyLane) original;
        KeyLane twin = lane.length == 0 ? null : strands.lane(lane.firstNumber);
        if (twin == null) {
            twin = adopt(lane, strands);
            twin.queued = false;
        }
        return twin;
    }

    @Override
    public String dump() {
        StringBuilder text = new StringBuilder();
        strands.forEach(lane -> text.append("\n  ").append(lane.dump()));
        return text.toString();
    }
}
