package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.consume.RabbitMqConsumer;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one subscription asks for ends the connection that it shares with others: it is the one that fails. */
class GuiltySubscriptionSimTest {
    private static final int SEEDS = 50;

    private final List<String> failed = new ArrayList<>();
    private final List<MessagingException> causes = new ArrayList<>();

    /** One client with three subscriptions. */
    private final class World implements AutoCloseable {
        private final SimulatedRuntime runtime;
        private final ScriptedBroker broker;
        private final ConnectionSupervisor supervisor;
        private final System.Logger silent = System.getLogger("silent");
        private final GroupTopics groups = new GroupTopics();
        private final List<RabbitMqConsumer> consumers = new ArrayList<>();

        World(long seed) {
            runtime = SimulatedRuntime.seeded(seed);
            Loop loop = runtime.loop("supervisor");
            broker = new ScriptedBroker(runtime, loop);
            supervisor = new ConnectionSupervisor(broker, runtime, loop, "test", silent);
        }

        void consume(String... queues) {
            for (String queue : queues) {
                consumers.add(RabbitMqConsumer.open(
                        new BackendContext(
                                "client", runtime, silent, new MessagingObserver() {}, Duration.ofSeconds(10)),
                        RabbitMqOptions.builder().url("amqp://localhost").build(),
                        supervisor,
                        groups,
                        new RabbitMqConsumer.Subscribed(spec(queue), new Listener(queue))));
            }
        }

        private ConsumerSpec spec(String queue) {
            return new ConsumerSpec(
                    queue,
                    List.of("topic-" + queue),
                    StartPosition.NEWEST,
                    OrderingMode.PARTITION,
                    16,
                    100_000,
                    null,
                    false,
                    silent);
        }

        @Override
        public void close() {
            runtime.close();
        }
    }

    private final class Listener implements BackendListener {
        private final String queue;

        private Listener(String queue) {
            this.queue = queue;
        }

        @Override
        public void ready() {}

        @Override
        public void assigned(Set<Assignment> assignments) {}

        @Override
        public void delivered(Assignment assignment, List<ReceivedMessage> messages) {}

        @Override
        public void acknowledged(Assignment assignment, long upTo) {}

        @Override
        public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void lost(Set<Assignment> assignments) {}

        @Override
        public void failed(MessagingException cause) {
            failed.add(queue);
            causes.add(cause);
        }
    }

    private static Closure said(int code) {
        return ScriptedBroker.brokerSays(code, code == 501 ? "FRAME_ERROR" : "INTERNAL_ERROR");
    }

    @ParameterizedTest
    @CsvSource({"541, declare queue b", "501, bind b", "540, consume b"})
    void whatOneAsksForEndsThatOneAndNoOther(int code, String question) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            failed.clear();
            try (World world = new World(seed)) {
                world.broker.refusedEach.put(question, said(code));
                world.consume("a", "b", "c");
                world.runtime.advance(Duration.ofMinutes(8));

                assertThat(failed).as("seed %d", seed).containsExactly("b");
                assertThat(world.consumers.get(0).impediment())
                        .as("seed %d", seed)
                        .isNull();
                assertThat(world.consumers.get(2).impediment())
                        .as("seed %d", seed)
                        .isNull();
            }
        }
        assertThat(causes)
                .allSatisfy(cause -> assertThat(cause)
                        .hasMessageContaining("Consuming [topic-b] in group 'b'")
                        .hasMessageContaining("ing queue 'b'")
                        .hasMessageContaining("ended the connection again and again (" + code));
    }

    /** As a network that is cut, it says nothing of what was asked. */
    @Test
    void anOperatorWhoEndsTheConnectionWhileTheyAskFailsNobody() {
        try (World world = new World(1)) {
            world.broker.refusedEach.put(
                    "declare queue b", ScriptedBroker.brokerSays(320, "CONNECTION_FORCED - by an operator"));
            world.consume("a", "b", "c");
            world.runtime.advance(Duration.ofMinutes(8));
            assertThat(world.broker.attempts).isGreaterThan(20);
            world.broker.refusedEach.clear();
            world.runtime.advance(Duration.ofSeconds(15));

            assertThat(failed).isEmpty();
            assertThat(world.consumers)
                    .allSatisfy(each -> assertThat(each.impediment()).isNull());
        }
    }

    /** Nobody asks: whose fault it is nobody can tell. */
    @Test
    void whatEndsEachConnectionWhileAllConsumeEndsAll() {
        try (World world = new World(1)) {
            world.consume("a", "b", "c");
            for (int i = 0; i < 3; i++) {
                world.runtime.advance(Duration.ofSeconds(15));
                assertThat(failed).as("after %d", i).isEmpty();
                Objects.requireNonNull(world.broker.present, "not connected").end(said(501));
            }
            world.runtime.settle();

            assertThat(failed).containsExactlyInAnyOrder("a", "b", "c");
        }
    }
}
