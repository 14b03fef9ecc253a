package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.kafka.internal.PositionResolver.Position;
import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
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
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
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
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedTopics topics = new ScriptedTopics();
    private final PositionResolver resolver = resolver();

    private PositionResolver resolver() {
        return new PositionResolver(
                new DriverCalls(broker, () -> false, () -> {}),
                new TopicIds(topics.source(), new ManualRuntime(), heard, new PollCommands()),
                StartPosition.NEWEST);
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

    private Position at(long offset, int count, boolean madeAnew, @Nullable Long former) {
        return new Position(offset, new PinMetadata(count, topics.id().toString()), madeAnew, former);
    }

    private String metadata(int count) {
        return "v1;n=" + count + ";t=" + topics.id();
    }

    @Test
    void aNewGroupIsPinnedAtTheEndWithTheCountOfPartitionsAndTheIdOfTheTopic() {
        topicEndsAt(50);
        assertThat(resolver.resolve(List.of(FIRST, SECOND)).values()).containsOnly(at(50, 2, false, null));
        assertThat(commits.get(FIRST).metadata()).isEqualTo(metadata(2));
    }

    @Test
    void aTopicWhoseCommitsWentWithItIsReadFromItsBeginningByTheMemberThatKnewIt() {
        topicEndsAt(50);
        resolver.resolve(List.of(FIRST, SECOND));
        commits.clear();
        topics.makeAnew();
        topicEndsAt(7);
        assertThat(resolver.resolve(List.of(FIRST)).values()).containsOnly(at(0, 0, true, null));
        assertThat(commits.get(FIRST)).isEqualTo(new OffsetAndMetadata(0, metadata(0)));
    }

    @Test
    void aMemberThatDidNotKnowItLearnsFromTheCountOfNoneThatItsPartitionsAreNewToo() {
        topicEndsAt(7);
        commits.put(FIRST, new OffsetAndMetadata(0, "v1;n=0"));
        assertThat(resolver().resolve(Collections.singleton(SECOND)).values()).containsOnly(at(0, 0, false, null));
    }

    @Test
    void aMemberThatWasAwayLearnsFromTheIdBesideTheCommitThatTheTopicIsAnother() {
        topicEndsAt(50);
        resolver.resolve(List.of(FIRST, SECOND));
        topics.makeAnew();
        topicEndsAt(70);
        assertThat(resolver().resolve(Collections.singleton(SECOND)).values()).containsOnly(at(0, 0, true, 50L));
        assertThat(commits.get(SECOND)).isEqualTo(new OffsetAndMetadata(0, metadata(0)));
    }

    @Test
    void aTopicThatWasMissingIsReadFromItsBeginningOnceItIsThere() {
        topics.delete();
        topicEndsAt(7);
        assertThatThrownBy(() -> resolver.resolve(List.of(FIRST))).isInstanceOf(UnknownTopicOrPartitionException.class);
        topics.makeAnew();
        assertThat(resolver.resolve(List.of(FIRST)).values()).containsOnly(at(0, 0, true, null));
    }

    @Test
    void anIdThatABrokerTellsTooLateIsNoNewTopic() {
        Uuid old = topics.id();
        topicEndsAt(50);
        resolver.resolve(List.of(FIRST, SECOND));
        topics.makeAnew();
        Position anew = resolver.resolve(List.of(FIRST)).get(FIRST);
        topics.tell(old);
        assertThat(resolver.resolve(List.of(FIRST)).get(FIRST).offset()).isEqualTo(anew.offset());
        assertThat(commits.get(FIRST).metadata()).isEqualTo(anew.pin().write());
    }

    @Test
    void aBrokerThatTellsNoIdsIsNamedOnceAndServedAsBefore() {
        topics.tell(Uuid.ZERO_UUID);
        topicEndsAt(50);
        resolver.resolve(List.of(FIRST));
        resolver.resolve(List.of(SECOND));
        assertThat(commits.get(FIRST)).isEqualTo(new OffsetAndMetadata(50, "v1;n=2"));
        assertThat(heard.logged()).singleElement().asString().contains("topic", "before 2.8");
    }

    @Test
    void withoutAnAnswerNothingIsPinned() {
        topics.beSilent(true);
        topicEndsAt(50);
        assertThatThrownBy(() -> resolver.resolve(List.of(FIRST))).isInstanceOf(TimeoutException.class);
        assertThat(commits).isEmpty();
    }
}
