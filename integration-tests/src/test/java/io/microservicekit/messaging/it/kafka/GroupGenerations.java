package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.it.scenario.OffsetsTopic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The number that the broker counts up with each rebalance of a group. It tells that of {@code group.protocol=consumer}; that of a classic group is in no
 * answer to a question, only in the topic in which the broker keeps its groups.
 */
final class GroupGenerations {
    /** The type of a record that holds a classic group; the value begins with a version, the type of the group, and the number. */
    private static final short CLASSIC_GROUP = 2;

    private GroupGenerations() {}

    static int of(String bootstrapServers, String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Optional<Integer> epoch = admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get()
                    .groupEpoch();
            return epoch.isPresent() ? epoch.get() : ofClassic(bootstrapServers, group);
        }
    }

    private static int ofClassic(String bootstrapServers, String group) {
        try (Consumer<byte[], byte[]> consumer = OffsetsTopic.consumer(bootstrapServers)) {
            List<TopicPartition> partitions = OffsetsTopic.readBy(consumer);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            int last = -1;
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofSeconds(1))) {
                    last = each.value() == null || !isOf(group, ByteBuffer.wrap(each.key()))
                            ? last
                            : generation(ByteBuffer.wrap(each.value()));
                }
            }
            return last;
        }
    }

    private static boolean isOf(String group, ByteBuffer key) {
        return key.getShort() == CLASSIC_GROUP && OffsetsTopic.text(key).equals(group);
    }

    private static int generation(ByteBuffer value) {
        value.getShort();
        var unused = OffsetsTopic.text(value);
        return value.getInt();
    }
}
