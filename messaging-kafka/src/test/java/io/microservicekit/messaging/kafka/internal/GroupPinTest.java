package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedGroup.FIRST;
import static io.microservicekit.messaging.kafka.internal.ScriptedGroup.SECOND;
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
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** A group is pinned without being joined. */
class GroupPinTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private final ScriptedGroup group = new ScriptedGroup();
    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedTopics topics = new ScriptedTopics();
    private final CloseSignal closing = new CloseSignal();
    private BooleanSupplier created = () -> true;

    private GroupPin pin() {
        TimeLeft time = new TimeLeft(runtime, LIMIT);
        ConsumerSpec spec = new ConsumerSpec(
                "group", List.of("topic"), StartPosition.NEWEST, OrderingMode.PARTITION, 1, 1_000, null, heard);
        DriverCalls driver = new DriverCalls(group, closing::isGiven, () -> {}, time);
        TopicIds ids = new TopicIds(topics.source(), runtime, heard, new PollCommands());
        return new GroupPin(
                spec,
                new BackendContext("client", runtime, heard, heard, LIMIT),
                new GroupPin.Broker(driver, new PositionResolver(driver, ids, spec.startPosition()), created, time),
                closing);
    }

    private MessagingException failure() {
        return catchThrowableOfType(MessagingException.class, () -> pin().pin());
    }

    @Test
    void aNewGroupIsPinnedAtTheEndOfEachPartition() {
        group.topicEndsAt(50);

        pin().pin();

        assertThat(group.commits().values()).hasSize(2).allSatisfy(commit -> {
            assertThat(commit.offset()).isEqualTo(50);
            assertThat(commit.metadata()).isEqualTo("v1;n=2;t=" + topics.id());
        });
    }

    @Test
    void aGroupThatHasPositionsKeepsThem() {
        group.topicEndsAt(50);
        pin().pin();
        Map<TopicPartition, OffsetAndMetadata> before = new LinkedHashMap<>(group.commits());
        group.topicEndsAt(70);
        group.refuse(new CommitFailedException("nothing is to be committed"));

        pin().pin();

        assertThat(group.commits()).isEqualTo(before);
    }

    @Test
    void aGroupWithMembersIsWaitedForUntilTheyHavePinnedIt() {
        group.topicEndsAt(50);
        group.refuse(new CommitFailedException("it has members"));
        runtime.whenDrained(() -> {
            group.commits().put(FIRST, new OffsetAndMetadata(40, "v1;n=2;t=" + topics.id()));
            group.commits().put(SECOND, new OffsetAndMetadata(40, "v1;n=2;t=" + topics.id()));
        });

        pin().pin();

        assertThat(group.commits().get(FIRST).offset()).isEqualTo(40);
    }

    @Test
    void whereTheMembersNeverPinItTheTextSaysWhatToDo() {
        group.topicEndsAt(50);
        group.refuse(new CommitFailedException("it has members"));
        long begun = runtime.nanoTime();

        MessagingException error = failure();

        assertThat(error.code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(error).hasMessageContaining("the group has members").hasMessageContaining("stop them first");
        assertThat(runtime.nanoTime() - begun).isBetween(LIMIT.minusMillis(100).toNanos(), LIMIT.toNanos());
    }

    @Test
    void aMissingTopicIsNamedOnceTheConnectTimeoutHasPassed() {
        assertThat(failure().code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(failure()).hasMessageContaining("topics [topic] do not exist. Create them");
    }

    @Test
    void brokersThatDoNotAnswerAreUnavailable() {
        group.topicEndsAt(50);
        group.refuse(new TimeoutException("nobody answered"));

        assertThat(failure().code()).isEqualTo(ErrorCode.NO_BROKERS_AVAILABLE);
        assertThat(failure()).hasMessageContaining("nobody answered");
    }

    /** However late its last question begins: the caller waits for the limit, and has to hear why. */
    @Test
    void silentBrokersAreUnavailableWithinTheLimit() {
        group.topicEndsAt(50);
        group.onQuestion(this::isNotAnswered);
        long begun = runtime.nanoTime();

        assertThat(failure().code()).isEqualTo(ErrorCode.NO_BROKERS_AVAILABLE);
        assertThat(runtime.nanoTime() - begun).isBetween(LIMIT.minusMillis(100).toNanos(), LIMIT.toNanos());
    }

    private void isNotAnswered(Duration limit) {
        runtime.advance(limit);
        throw new TimeoutException("nobody answered");
    }

    /** Each takes half a second, so that the limit passes between two of one attempt. */
    @Test
    void whatTheLimitCutsOffSaysNothingAgainstTheAnswersOfBefore() {
        group.topicEndsAt(50);
        group.refuse(new CommitFailedException("it has members"));
        group.onQuestion(limit -> {
            runtime.advance(limit.compareTo(HALF_A_SECOND) < 0 ? limit : HALF_A_SECOND);
            if (limit.compareTo(HALF_A_SECOND) < 0) {
                throw new TimeoutException("cut off");
            }
        });

        assertThat(failure()).hasMessageContaining("the group has members");
    }

    @Test
    void topicsThatAreNotReadyInTimeAreNoMatterOfMembers() {
        group.topicEndsAt(50);
        created = () -> false;

        assertThat(failure().code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(failure()).hasMessageContaining("not all of the topics that are to be created were ready");
    }

    /** Somebody in the group knew more partitions than we are told of. */
    @Test
    void partitionsThatHaveNoPositionInTimeAreNoMatterOfMembers() {
        group.topicEndsAt(50);
        group.commits().put(FIRST, new OffsetAndMetadata(40, "v1;n=3;t=" + topics.id()));

        assertThat(failure().code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(failure()).hasMessageContaining("not all partitions that these topics have");
    }

    @Test
    void aMissingRightEndsItAtOnce() {
        group.topicEndsAt(50);
        group.refuse(GroupAuthorizationException.forGroupId("group"));
        long begun = runtime.nanoTime();

        assertThat(failure().code()).isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(runtime.nanoTime()).isEqualTo(begun);
    }

    @Test
    void nothingIsPinnedBeforeTopicsThatAreToBeCreatedAreThere() {
        group.topicEndsAt(50);
        int[] asked = new int[1];
        created = () -> {
            assertThat(group.commits()).isEmpty();
            return ++asked[0] == 3;
        };

        pin().pin();

        assertThat(asked[0]).isEqualTo(3);
        assertThat(group.commits()).hasSize(2);
    }

    @Test
    void aClientThatIsClosedMeanwhileEndsIt() {
        runtime.whenDrained(() -> closing.atTheLatest(runtime.nanoTime()));

        assertThat(failure().code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
    }
}
