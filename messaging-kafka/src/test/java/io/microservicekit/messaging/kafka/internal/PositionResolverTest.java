package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.kafka.internal.PositionResolver.Position;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What is asked of the broker, and pinned there, when a topic goes and comes back. */
class PositionResolverTest {
    private static final TopicPartition FIRST = new TopicPartition("topic", 0);
    private static final TopicPartition SECOND = new TopicPartition("topic", 1);

    private final Map<TopicPartition, OffsetAndMetadata> commits = new LinkedHashMap<>();
    private final MockConsumer<byte[], byte[]> broker = new MockConsumer<>("none") {
        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions, Duration limit) {
            Map<TopicPartition, OffsetAndMetadata> found = new LinkedHashMap<>();
            partitions.forEach(partition -> found.put(partition, commits.get(partition)));
            return found;
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration limit) {
            commits.putAll(offsets);
        }
    };
    private final PositionResolver resolver = resolver();

    private PositionResolver resolver() {
        return new PositionResolver(new DriverCalls(broker, () -> false), StartPosition.NEWEST);
    }

    private void topicEndsAt(long end) {
        broker.updatePartitions(
                "topic",
                List.of(
                        new PartitionInfo("topic", 0, null, null, null),
                        new PartitionInfo("topic", 1, null, null, null)));
        Map<TopicPartition, Long> beginnings = new LinkedHashMap<>();
        Map<TopicPartition, Long> ends = new LinkedHashMap<>();
        for (TopicPartition partition : List.of(FIRST, SECOND)) {
            beginnings.put(partition, 0L);
            ends.put(partition, end);
        }
        broker.updateBeginningOffsets(beginnings);
        broker.updateEndOffsets(ends);
    }

    @Test
    void aNewGroupIsPinnedAtTheEndWithTheCountOfPartitions() {
        topicEndsAt(50);
        assertThat(resolver.resolve(List.of(FIRST, SECOND)).values()).containsOnly(new Position(50, 2));
        assertThat(commits.get(FIRST).metadata()).isEqualTo("v1;n=2");
    }

    @Test
    void aTopicWhoseCommitsWentWithItIsReadFromItsBeginningByTheMemberThatKnewIt() {
        topicEndsAt(50);
        resolver.resolve(List.of(FIRST, SECOND));
        commits.clear();
        topicEndsAt(7);
        assertThat(resolver.resolve(List.of(FIRST)).values()).containsOnly(new Position(0, 0));
        assertThat(commits.get(FIRST)).isEqualTo(new OffsetAndMetadata(0, "v1;n=0"));
    }

    @Test
    void aMemberThatDidNotKnowItLearnsFromTheCountOfNoneThatItsPartitionsAreNewToo() {
        topicEndsAt(7);
        commits.put(FIRST, new OffsetAndMetadata(0, "v1;n=0"));
        assertThat(resolver().resolve(Collections.singleton(SECOND)).values()).containsOnly(new Position(0, 0));
    }
}
