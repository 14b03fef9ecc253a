package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.spi.Assignment;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A consumer group at the broker, in one of the two flavours. All methods are called under the broker's lock. */
interface Group {
    /** What is stored under the topics from now on is for the group, also while it has no member. */
    void provision(List<String> topics);

    void join(MemoryConsumer member);

    /** The orderly end: what was acknowledged is kept, the rest goes to others. */
    void leave(MemoryConsumer member);

    /** The end by force: the member loses what it holds and may join again. No effect on one that has not joined. */
    void expire(MemoryConsumer member);

    /** What the loss of all connections means for the member. */
    void disconnected(MemoryConsumer member);

    /** The connections are back. */
    void reconnected(MemoryConsumer member);

    /** Revokes everything from everybody and assigns it anew. */
    void rebalance();

    /** The member has let go of what was revoked. */
    void letGo(MemoryConsumer member, Set<Assignment> assignments);

    void acknowledge(MemoryConsumer member, Acknowledgement acknowledgement);

    /** Whether what the member acknowledged of an assignment is at the broker. */
    Flushes.State taken(MemoryConsumer member, Assignment assignment);

    void pause(MemoryConsumer member, Assignment assignment);

    void resume(MemoryConsumer member, Assignment assignment);

    void hold(MemoryConsumer member, Assignment assignment, long tag);

    void release(MemoryConsumer member, Assignment assignment, long tag);

    void recycle(MemoryConsumer member, Assignment assignment);

    /** The next messages for the member, or null when there is nothing for it. */
    @Nullable Delivery next(MemoryConsumer member);

    /** When the oldest unacknowledged delivery of the member was made, by the clock of its runtime; empty when there is none or no limit. */
    OptionalLong oldestUnacknowledged(MemoryConsumer member);

    /** The offset from which a new holder of the partition would read; empty when there is none. */
    OptionalLong committed(String topic, int partition);

    /** Messages that are not acknowledged, delivered or not. */
    long lag();

    /** Messages that are delivered to a present member and not acknowledged. */
    long unacknowledged();

    /** Deliveries beyond the first of each message. */
    long redelivered();

    /** A sentence for each message that is neither acknowledged nor deliverable. */
    List<String> losses();
}
