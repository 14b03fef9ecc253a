package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic: one list per partition, and all of it in the order of arrival. Guarded by the broker's lock. */
final class TopicLog {
    private final String name;
    private final List<List<Message>> partitions = new ArrayList<>();
    private final List<LogEntry> arrivals = new ArrayList<>();
    private int nextWithoutKey;

    TopicLog(String name, int partitions) {
        this.name = name;
        grow(partitions);
    }

    String name() {
        return name;
    }

    int partitions() {
        return partitions.size();
    }

    void grow(int total) {
        while (partitions.size() < total) {
            partitions.add(new ArrayList<>());
        }
    }

    long end(int partition) {
        return partitions.get(partition).size();
    }

    /** Where a group that never committed begins in a partition. */
    long start(int partition, StartPosition position) {
        Instant time = position.time();
        if (time == null) {
            return position.equals(StartPosition.NEWEST) ? end(partition) : 0;
        }
        List<Message> log = partitions.get(partition);
        int first = 0;
        while (first < log.size() && log.get(first).timestampMillis(0) < time.toEpochMilli()) {
            first++;
        }
        return first;
    }

    Message read(int partition, long offset) {
        return partitions.get(partition).get(Math.toIntExact(offset));
    }

    List<LogEntry> arrivals() {
        return arrivals;
    }

    LogEntry append(Message message) {
        int partition = partitionFor(message.key());
        List<Message> log = partitions.get(partition);
        LogEntry entry = new LogEntry(message, partition, log.size());
        log.add(message);
        arrivals.add(entry);
        return entry;
    }

    private int partitionFor(byte @Nullable [] key) {
        if (key != null) {
            return Murmur2.partition(key, partitions.size());
        }
        int partition = nextWithoutKey % partitions.size();
        nextWithoutKey = partition + 1;
        return partition;
    }
}
