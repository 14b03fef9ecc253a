package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.kafka.KafkaTopology;
import java.util.List;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** KAFKA-15591: the controller names leaders that do not know of it yet, which no real broker does when a test wants it. */
class TopicCreationTest {
    private static final String ENDS = "ends [topic-0, topic-1, dead-0, dead-1]";

    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final HeardByEngine clients = new HeardByEngine();
    private final ScriptedAdmin brokers = new ScriptedAdmin();
    private final TopicCreation creation =
            new TopicCreation(spec(), KafkaTopology.create(2, 1), new AdminQuestions(brokers::admin, runtime));

    @Test
    void topicsThatWereCreatedAreUsedWhenTheLeaderOfEachPartitionHasAnswered() {
        assertThat(creation.getAsBoolean()).as("used right after the creation").isFalse();
        brokers.losesLeader("topic-1");
        assertThatThrownBy(creation::getAsBoolean).isInstanceOf(LeaderNotAvailableException.class);
        brokers.electsLeaders();
        assertThat(creation.getAsBoolean()).isTrue();
        assertThat(brokers.asked())
                .containsExactly(
                        "describe [topic, dead]",
                        "create topic",
                        "create dead",
                        "describe [topic, dead]",
                        ENDS,
                        "describe [topic, dead]",
                        ENDS);
    }

    @Test
    void aTopicThatWasCreatedIsToldToTheConsumersOwnLogger() {
        var unused = creation.getAsBoolean();
        assertThat(heard.logged()).anySatisfy(line -> assertThat(line).contains("has created topic 'topic'"));
        assertThat(clients.logged()).isEmpty();
    }

    @Test
    void topicsThatWereThereAreUsedWhenTheLeaderOfEachPartitionHasAnsweredToo() {
        brokers.has("topic", 2);
        brokers.has("dead", 2);
        brokers.losesLeader("dead-0");
        assertThatThrownBy(creation::getAsBoolean).isInstanceOf(LeaderNotAvailableException.class);
        brokers.electsLeaders();
        assertThat(creation.getAsBoolean()).isTrue();
    }

    @Test
    void aLeaderThatSaysNothingIsWaitedForAsLongAsPollsMayWaitAndAskedAgain() {
        brokers.has("topic", 2);
        brokers.has("dead", 2);
        brokers.beSilent(true);
        long before = runtime.nanoTime();
        assertThatThrownBy(creation::getAsBoolean).isInstanceOf(TimeoutException.class);
        assertThat(runtime.nanoTime() - before).isEqualTo(DriverCalls.QUESTION.toNanos());
        brokers.beSilent(false);
        assertThat(creation.getAsBoolean()).isTrue();
    }

    @Test
    void whatIsReadyIsNotAskedForAgain() {
        brokers.has("topic", 2);
        brokers.has("dead", 2);
        assertThat(creation.getAsBoolean()).isTrue();
        assertThat(creation.getAsBoolean()).isTrue();
        assertThat(brokers.asked()).containsExactly("describe [topic, dead]", ENDS);
    }

    private ConsumerSpec spec() {
        return new ConsumerSpec(
                "group", List.of("topic"), StartPosition.NEWEST, OrderingMode.PARTITION, 1, 100_000, "dead", heard);
    }
}
