package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.kafka.internal.shared.CloseSignal;
import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A group is pinned without being joined. */
class GroupPinTest {
    private static final TopicPartition FIRST = new TopicPartition("topic", 0);
    private static final TopicPartition SECOND = new TopicPartition("topic", 1);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Map<TopicPartition, OffsetAndMetadata> commits = new LinkedHashMap<>();
    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedTopics topics = new ScriptedTopics();
    private final CloseSignal closing = new CloseSignal();
    private BooleanSupplier created = () -> true;
    private @Nullable RuntimeException refusal;
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
            if (refusal != null) {
                throw refusal;
            }
            commits.putAll(offsets);
        }
    };

    private void topicEndsAt(long end) {
        broker.updatePartitions(
                "topic",
                List.of(
                        new PartitionInfo("topic", 0, null, null, null),
                        new PartitionInfo("topic", 1, null, null, null)));
        broker.updateEndOffsets(Map.of(FIRST, end, SECOND, end));
        broker.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
    }

    private GroupPin pin() {
        ConsumerSpec spec = new ConsumerSpec(
                "group", List.of("topic"), StartPosition.NEWEST, OrderingMode.PARTITION, 1, 1_000, null, heard);
        DriverCalls driver = new DriverCalls(broker, closing::isGiven, () -> {});
        TopicIds ids = new TopicIds(topics.source(), runtime, heard, new PollCommands());
        return new GroupPin(
                spec,
                new BackendContext("client", runtime, heard, heard, LIMIT),
                new GroupPin.Broker(driver, new PositionResolver(driver, ids, spec.startPosition()), created),
                closing);
    }

    private MessagingException failure() {
        return catchThrowableOfType(MessagingException.class, () -> pin().pin());
    }

    @Test
    void aNewGroupIsPinnedAtTheEndOfEachPartition() {
        topicEndsAt(50);

        pin().pin();

        assertThat(commits.values()).hasSize(2).allSatisfy(commit -> {
            assertThat(commit.offset()).isEqualTo(50);
            assertThat(commit.metadata()).isEqualTo("v1;n=2;t=" + topics.id());
        });
    }

    @Test
    void aGroupThatHasPositionsKeepsThem() {
        topicEndsAt(50);
        pin().pin();
        Map<TopicPartition, OffsetAndMetadata> before = new LinkedHashMap<>(commits);
        topicEndsAt(70);
        refusal = new CommitFailedException("nothing is to be committed");

        pin().pin();

        assertThat(commits).isEqualTo(before);
    }

    @Test
    void aGroupWithMembersIsWaitedForUntilTheyHavePinnedIt() {
        topicEndsAt(50);
        refusal = new CommitFailedException("it has members");
        runtime.whenDrained(() -> {
            commits.put(FIRST, new OffsetAndMetadata(40, "v1;n=2;t=" + topics.id()));
            commits.put(SECOND, new OffsetAndMetadata(40, "v1;n=2;t=" + topics.id()));
        });

        pin().pin();

        assertThat(commits.get(FIRST).offset()).isEqualTo(40);
    }

    @Test
    void whereTheMembersNeverPinItTheTextSaysWhatToDo() {
        topicEndsAt(50);
        refusal = new CommitFailedException("it has members");
        long begun = runtime.nanoTime();

        MessagingException error = failure();

        assertThat(error.code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(error).hasMessageContaining("the group has members").hasMessageContaining("stop them first");
        assertThat(runtime.nanoTime() - begun)
                .isBetween(LIMIT.toNanos(), LIMIT.plusMillis(200).toNanos());
    }

    @Test
    void aMissingTopicIsNamedOnceTheConnectTimeoutHasPassed() {
        assertThat(failure().code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(failure()).hasMessageContaining("topics [topic] do not exist. Create them");
    }

    @Test
    void brokersThatDoNotAnswerAreUnavailable() {
        topicEndsAt(50);
        refusal = new TimeoutException("nobody answered");

        assertThat(failure().code()).isEqualTo(ErrorCode.NO_BROKERS_AVAILABLE);
        assertThat(failure()).hasMessageContaining("nobody answered");
    }

    @Test
    void aMissingRightEndsItAtOnce() {
        topicEndsAt(50);
        refusal = GroupAuthorizationException.forGroupId("group");
        long begun = runtime.nanoTime();

        assertThat(failure().code()).isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(runtime.nanoTime()).isEqualTo(begun);
    }

    @Test
    void nothingIsPinnedBeforeTopicsThatAreToBeCreatedAreThere() {
        topicEndsAt(50);
        int[] asked = new int[1];
        created = () -> {
            assertThat(commits).isEmpty();
            return ++asked[0] == 3;
        };

        pin().pin();

        assertThat(asked[0]).isEqualTo(3);
        assertThat(commits).hasSize(2);
    }

    @Test
    void aClientThatIsClosedMeanwhileEndsIt() {
        runtime.whenDrained(() -> closing.atTheLatest(runtime.nanoTime()));

        assertThat(failure().code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
    }
}
