package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.StoredMessage;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The memory broker, in its partition flavour. */
public final class MemoryUnderTest implements BackendUnderTest {
    private final MemoryBroker broker = MemoryBroker.create();
    private final ConcurrentMap<String, Integer> partitions = new ConcurrentHashMap<>();

    /** The broker, to plan faults. */
    public MemoryBroker broker() {
        return broker;
    }

    @Override
    public BackendOptions options() {
        return broker.options();
    }

    @Override
    public void createTopic(String topic, int count) {
        broker.createTopic(topic, count);
        partitions.put(topic, count);
    }

    @Override
    public SortedMap<Integer, Long> committed(String group, String topic) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        for (int partition = 0; partition < partitions.getOrDefault(topic, 1); partition++) {
            OptionalLong offset = broker.committed(group, topic, partition);
            if (offset.isPresent()) {
                offsets.put(partition, offset.getAsLong());
            }
        }
        return offsets;
    }

    @Override
    public SortedMap<Integer, Long> endOffsets(String topic) {
        SortedMap<Integer, Long> ends = new TreeMap<>();
        for (int partition = 0; partition < partitions.getOrDefault(topic, 1); partition++) {
            ends.put(partition, 0L);
        }
        for (StoredMessage message : broker.messages(topic)) {
            ends.merge(message.partition(), message.offset() + 1, Math::max);
        }
        return ends;
    }

    @Override
    public List<Message> messages(String topic) {
        return broker.messages(topic).stream().map(StoredMessage::message).toList();
    }

    @Override
    public void close() {
        // It is garbage.
    }

    @Override
    public String toString() {
        return "memory";
    }
}
