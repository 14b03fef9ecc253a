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
            held.add(upTo - acknowledged);
            acknowledged = upTo;
        }
    }

    /** It is not held any more, and its offsets do not count from now on. */
    void goes() {
        held.add(-uncommitted());
        held = new Tally();
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
                holding.held.add(holding.reported - upTo);
                holding.reported = upTo;
            }
            return news;
        }
    }

    /** How many offsets of all that is held are acknowledged and not at the broker: kept, and not summed up for each acknowledgement. */
    static final class Tally {
        private long offsets;

        private void add(long more) {
            offsets += more;
        }

        long offsets() {
            return offsets;
        }
    }
}
