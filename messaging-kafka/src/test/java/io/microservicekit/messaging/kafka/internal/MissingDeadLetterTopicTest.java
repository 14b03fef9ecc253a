package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;

/** A dead-letter topic that no broker knows, or not yet each of them. */
class MissingDeadLetterTopicTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedConsumer consumer = new ScriptedConsumer(5);
    private final KafkaConsumerLoop loop = new KafkaConsumerLoop(
            new Session(
                    new ConsumerSpec(
                            "group",
                            List.of("topic"),
                            StartPosition.NEWEST,
                            OrderingMode.PARTITION,
                            1,
                            100_000,
                            "dead",
                            heard),
                    heard,
                    new BackendContext("client", runtime, heard, heard, LIMIT),
                    new Session.Limits(Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(60)),
                    new ScriptedTopics().source()),
            consumer,
            runtime.loop("control"),
            () -> true);

    @Test
    void aBrokerThatLagsBehindEndsNoSubscription() {
        consumer.updatePartitions("dead", List.of());
        runtime.whenDrained(
                () -> consumer.updatePartitions("dead", List.of(new PartitionInfo("dead", 0, null, null, null))));
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(ScriptedConsumer.PARTITION)));
        consumer.schedulePollTask(() -> {
            var unused = loop.close(LIMIT);
        });
        loop.run();
        assertThat(heard.failures()).isEmpty();
        assertThat(heard.events()).containsExactly("assigned 1", "ready");
    }

    @Test
    void oneThatIsStillMissingSomeSecondsLaterEndsTheSubscription() {
        consumer.updatePartitions("dead", List.of());
        long begun = runtime.nanoTime();
        heard.onFailed(() -> {
            assertAge(runtime.nanoTime() - begun);
            var unused = loop.close(LIMIT);
        });
        loop.run();
        assertThat(heard.failures()).singleElement().satisfies(told -> {
            assertThat(told.code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
            assertThat(told).hasMessageContaining("'dead' does not exist");
        });
    }

    private static void assertAge(long nanos) {
        assertThat(nanos).isBetween(TopicIds.LOOK_NANOS, 2 * TopicIds.LOOK_NANOS);
    }
}
