package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All messages of an assignment in one lane, in the order of delivery. */
final class OneLane extends Lane implements LaneSet {
    private final Backlog backlog;

    OneLane(Holding holding) {
        this(holding, new Backlog());
    }

    private OneLane(Holding holding, Backlog backlog) {
        super(holding);
        this.backlog = backlog;
    }

    @Override
    public OneLane copy(Holding copy) {
        return copyTo(new OneLane(copy, backlog.copy()));
    }

    @Override
    public Lane twin(Lane original) {
        return this;
    }

    @Override
    public void deliver(Chunk chunk) {
        backlog.add(chunk);
        holding.ready(this);
    }

    @Override
    public @Nullable Lane lowest() {
        return count() == 0 ? null : this;
    }

    @Override
    public boolean isLowestClaimed() {
        return count() == 0 || claim() > 0;
    }

    @Override
    public @Nullable Lane withHead(ReceivedMessage message) {
        boolean head =
                count() > 0 && first().position().tag() == message.position().tag();
        return head ? this : null;
    }

    @Override
    public @Nullable Lane besideOthers(ReceivedMessage message) {
        return null;
    }

    @Override
    public void forEach(Consumer<Lane> visitor) {
        if (count() > 0) {
            visitor.accept(this);
        }
    }

    @Override
    public void forget(Lane lane) {}

    @Override
    public int inFlight() {
        return holding.acks.isInAnyOrder() ? holding.acks.unfinished() : backlog.count();
    }

    @Override
    public long inFlightBytes() {
        return holding.acks.isInAnyOrder() ? holding.acks.unfinishedBytes() : backlog.bytes();
    }

    @Override
    public long oldestNanos() {
        return holding.acks.isInAnyOrder() ? holding.acks.oldestNanos() : backlog.oldestNanos();
    }

    @Override
    int count() {
        return backlog.count();
    }

    @Override
    ReceivedMessage first() {
        return backlog.head();
    }

    @Override
    long firstNanos() {
        return backlog.oldestNanos();
    }

    @Override
    List<ReceivedMessage> nextRun(int max) {
        return backlog.nextRun(max);
    }

    /** There is no other lane. */
    @Override
    void forEachBehind(Consumer<ReceivedMessage> visitor) {}

    @Override
    int pass(int n) {
        return holding.acks.handled(n, backlog.finish(n));
    }

    @Override
    boolean isBarredBy(ReceivedMessage running) {
        return true;
    }

    @Override
    public String dump() {
        return super.dump() + " backlog=" + backlog.dump();
    }
}
