package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.consume.RabbitMqConsumer;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who comes while one more end would be the proof against another waits for it: with two on the connection the end would prove nothing. */
class JoinsBeforeTheProofSimTest {
    private static final String GUILTY = "declare queue guilty";

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(5);
    private final Loop loop = runtime.loop("supervisor");
    private final ScriptedBroker broker = new ScriptedBroker(runtime, loop);
    private final System.Logger silent = System.getLogger("silent");
    private final ConnectionSupervisor supervisor = new ConnectionSupervisor(broker, runtime, loop, "test", silent);
    private final GroupTopics groups = new GroupTopics();
    private final List<String> failed = new ArrayList<>();

    @AfterEach
    void end() {
        runtime.close();
    }

    private RabbitMqConsumer consume(String queue) {
        ConsumerSpec spec = new ConsumerSpec(
                queue,
                List.of("topic-" + queue),
                StartPosition.NEWEST,
                OrderingMode.PARTITION,
                16,
                100_000,
                null,
                false,
                silent);
        return RabbitMqConsumer.open(
                new BackendContext("client", runtime, silent, new MessagingObserver() {}, Duration.ofSeconds(10)),
                RabbitMqOptions.builder().url("amqp://localhost").build(),
                supervisor,
                groups,
                new RabbitMqConsumer.Subscribed(spec, new QuietListener() {
                    @Override
                    public void failed(MessagingException cause) {
                        failed.add(queue);
                    }
                }));
    }

    /** Until the guilty one's question was asked so often. */
    private void awaitQuestions(int times) {
        for (int i = 0; i < 600_000 && asked() < times; i++) {
            runtime.advance(Duration.ofNanos(100_000));
        }
        assertThat(asked()).isEqualTo(times);
    }

    private long asked() {
        return broker.asked.stream().filter(GUILTY::equals).count();
    }

    private void assertProvenBeforeThatOneIsTold(int connections) {
        awaitQuestions(3);
        broker.latency = Duration.ofMillis(1);
        RabbitMqConsumer late = consume("late");
        runtime.advance(Duration.ofSeconds(30));

        assertThat(failed).containsExactly("guilty");
        assertThat(broker.attempts).as("connections").isEqualTo(connections);
        assertThat(broker.asked).containsOnlyOnce("consume late");
        assertThat(late.impediment()).isNull();
    }

    @Test
    void whereItIsTheOnlyOne() {
        broker.latency = Duration.ofMillis(100);
        broker.refusedEach.put(GUILTY, ScriptedBroker.brokerSays(501, "FRAME_ERROR"));
        consume("guilty");

        assertProvenBeforeThatOneIsTold(4);
    }

    @Test
    void whereTheOthersHaveLeft() {
        RabbitMqConsumer other = consume("other");
        runtime.advance(Duration.ofSeconds(1));
        broker.latency = Duration.ofMillis(100);
        broker.refusedEach.put(GUILTY, ScriptedBroker.brokerSays(501, "FRAME_ERROR"));
        consume("guilty");
        awaitQuestions(3);
        var unused = other.close(Duration.ZERO);
        runtime.advance(Duration.ofMillis(1));

        assertProvenBeforeThatOneIsTold(4);
    }
}
