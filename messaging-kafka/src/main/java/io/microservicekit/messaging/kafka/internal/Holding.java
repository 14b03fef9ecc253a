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
    private Tally held;
    private long acknowledged;
    private long reported;
    private long committed;

    /** Its uncommitted offsets are counted in a tally until it goes. */
    Holding(TopicPartition partition, long epoch, long start, PinMetadata pin, Tally held) {
        this.held = held;
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
        if (upTo > acknowledged) {
            long before = uncommitted();
            acknowledged = upTo;
            held.changes(before, uncommitted());
        }
    }

    /** It is not held any more, and its offsets do not count from now on. */
    void goes() {
        held.changes(uncommitted(), 0);
        held = new Tally(Long.MAX_VALUE);
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
        String topic() {
            return holding.partition.topic();
        }

        OffsetAndMetadata offset() {
            return new OffsetAndMetadata(position, holding.metadata);
        }

        /** The broker took it; true when the engine has to hear of it. */
        boolean taken() {
            holding.committed = Math.max(holding.committed, position);
            boolean news = upTo > holding.reported;
            if (news) {
                long before = holding.uncommitted();
                holding.reported = upTo;
                holding.held.changes(before, holding.uncommitted());
            }
            return news;
        }
    }

    /** How many offsets of all that is held are acknowledged and not at the broker: kept, and not summed up for each acknowledgement or turn. */
    static final class Tally {
        private final long threshold;
        private long offsets;
        private int atThreshold;

        /** With how many of one partition are worth a commit before its time. */
        Tally(long threshold) {
            this.threshold = threshold;
        }

        private void changes(long before, long after) {
            offsets += after - before;
            atThreshold += (after >= threshold ? 1 : 0) - (before >= threshold ? 1 : 0);
        }

        long offsets() {
            return offsets;
        }

        boolean isWorthACommit() {
            return atThreshold > 0;
        }
    }
}
