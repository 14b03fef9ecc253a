package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.Assignment;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A pinned partition that this consumer holds. Touched on the poll thread only. */
final class Holding {
    private final TopicPartition partition;
    private final Assignment assignment;
    private final PinMetadata pin;
    private final String metadata;
    private final CommitPositions positions;
    private long acknowledged;
    private long reported;
    private long committed;

    Holding(TopicPartition partition, long epoch, long start, PinMetadata pin) {
        this.partition = partition;
        this.assignment = new Assignment(partition.topic(), partition.partition(), epoch);
        this.pin = pin;
        this.metadata = pin.write();
        this.positions = new CommitPositions(start);
        this.acknowledged = start - 1;
        this.reported = start - 1;
        this.committed = start;
    }

    TopicPartition partition() {
        return partition;
    }

    Assignment assignment() {
        return assignment;
    }

    PinMetadata pin() {
        return pin;
    }

    CommitPositions positions() {
        return positions;
    }

    void acknowledge(long upTo) {
        acknowledged = Math.max(acknowledged, upTo);
    }

    /** How many offsets are acknowledged and not yet at the broker. */
    long uncommitted() {
        return acknowledged - reported;
    }

    boolean hasToCommit() {
        return positions.position(acknowledged) > committed;
    }

    boolean isCommitted(long position) {
        return committed >= position;
    }

    Commit toCommit() {
        return new Commit(this, acknowledged, positions.position(acknowledged));
    }

    /** A position on its way to the broker, and the tag it stands for. */
    record Commit(Holding holding, long upTo, long position) {
        OffsetAndMetadata offset() {
            return new OffsetAndMetadata(position, holding.metadata);
        }

        /** The broker took it; true when the engine has to hear of it. */
        boolean taken() {
            holding.committed = Math.max(holding.committed, position);
            boolean news = upTo > holding.reported;
            holding.reported = Math.max(holding.reported, upTo);
            return news;
        }
    }
}
