package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.rabbitmq.internal.consume.RabbitMqConsumer;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.rabbitmq.internal.topology.Provisioning;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

        List<String> consumeMany(String prefix, int number) {
            List<String> queues = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                queues.add(prefix + (char) ('a' + i));
            }
            consume(queues.toArray(String[]::new));
            return queues;
        }

        CompletableFuture<Void> provision(Duration connectTimeout) {
            return provision("p", connectTimeout);
        }

        CompletableFuture<Void> provision(String group, Duration connectTimeout) {
            return new Provisioning(
                            new BackendContext("client", runtime, silent, new MessagingObserver() {}, connectTimeout),
                            supervisor,
                            "Provisioning group '" + group + "'",
                            true,
                            presence -> List.of(new TopologyStep(
                                    TopologyStep.Kind.DECLARE,
                                    "queue '" + group + "'",
                                    channel -> channel.declareQueue(group, true, Map.of()))))
                    .begin();
        }

        RabbitMqProducer produce() {
            RabbitMqProducer producer = new RabbitMqProducer(
                    supervisor,
                    runtime,
                    new RabbitMqProducer.Settings("x", true, UnroutablePolicy.FAIL, 1_000, 2_000, silent));
            producer.start();
            return producer;
        }

        /** Whether it can be used now. */
        boolean isConfirmedWithinASecond(RabbitMqProducer producer) {
            CompletableFuture<SendResult> send =
                    producer.send(Message.builder("ok").valueText("").build(), Duration.ofMinutes(2));
            runtime.advance(Duration.ofSeconds(1));
            return send.isDone() && !send.isCompletedExceptionally();
        }

        /** Until the broker has been asked to connect that often, or for a minute. */
        void awaitConnect(int attempts) {
            for (int millis = 0; millis < 60_000 && broker.attempts < attempts; millis++) {
                runtime.advance(Duration.ofMillis(1));
            }
            assertThat(broker.attempts).as("attempts to connect").isEqualTo(attempts);
        }

        boolean allConsume() {
            return consumers.stream().allMatch(each -> each.impediment() == null);
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

    private final class Listener extends QuietListener {
        private final String queue;

        private Listener(String queue) {
            this.queue = queue;
        }

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

    /** However many they are, and with others between them. */
    @ParameterizedTest
    @CsvSource({
        "501, declare queue, 1, 1", "501, declare queue, 5, 1", "501, consume, 20, 1", "501, declare queue, 8, 200",
        "541, declare queue, 1, 1", "541, consume, 5, 1", "541, declare queue, 20, 1", "541, declare queue, 8, 200"
    })
    void eachOfManyGuiltyOnesFailsAndNoOther(int code, String question, int guilty, int latencyMillis) {
        for (long seed = 1; seed <= 3; seed++) {
            failed.clear();
            try (World world = new World(seed)) {
                world.broker.latency = Duration.ofMillis(latencyMillis);
                for (int i = 0; i < guilty; i++) {
                    world.broker.refusedEach.put(question + " guilty-" + (char) ('a' + i), said(code));
                }
                world.consumeMany("first-", 3);
                List<String> queues = world.consumeMany("guilty-", guilty);
                world.consumeMany("last-", 3);
                // At most so many ends for each of them, no more than 12 s apart.
                world.runtime.advance(
                        Duration.ofMinutes(4).plus(Duration.ofSeconds(12).multipliedBy(guilty * 6L)));

                assertThat(failed).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(queues);
                assertThat(world.consumers.stream().filter(each -> each.impediment() == null))
                        .as("seed %d", seed)
                        .hasSize(6);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "501, 3, 1",
        "501, 3, 50",
        "501, 3, 200",
        "501, 10, 200",
        "541, 3, 1",
        "541, 3, 50",
        "541, 3, 200",
        "541, 10, 200"
    })
    void anInnocentOneIsNotFailedByABrokerThatIsFarAway(int code, int innocent, int latencyMillis) {
        for (String question : List.of("declare queue guilty", "consume guilty")) {
            for (long seed = 1; seed <= 10; seed++) {
                failed.clear();
                try (World world = new World(seed)) {
                    world.broker.latency = Duration.ofMillis(latencyMillis);
                    world.broker.refusedEach.put(question, said(code));
                    world.consume("guilty");
                    world.consumeMany("innocent-", innocent);
                    world.runtime.advance(Duration.ofMinutes(5));

                    assertThat(failed).as("%s, seed %d", question, seed).containsExactly("guilty");
                }
            }
        }
    }

    /** One that consumes ends the connection each time while another asks: nothing proves that it was what is asked. */
    @Test
    void anEndThatComesAfterAnotherHasBegunIsNoProof() {
        try (World world = new World(1)) {
            world.consume("a");
            world.runtime.advance(Duration.ofSeconds(60));
            world.consume("b");
            int ends = 0;
            for (int millis = 0; millis < 60_000; millis++) {
                world.runtime.advance(Duration.ofMillis(1));
                List<String> asked = world.broker.asked;
                boolean oneAsks =
                        !asked.isEmpty() && asked.get(asked.size() - 1).equals("bind b");
                if (oneAsks && world.consumers.get(0).impediment() == null && world.broker.present != null) {
                    asked.clear();
                    world.broker.present.end(said(501));
                    ends++;
                }
            }

            assertThat(ends).isEqualTo(2);
            assertThat(failed).isEmpty();
            assertThat(world.allConsume()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"501, 10", "501, 30", "540, 10", "541, 10", "541, 30", "541, 600"})
    void whatAProvisionAsksForEndsThatOneAndNoSubscription(int code, int connectTimeoutSeconds) {
        for (long seed = 1; seed <= 10; seed++) {
            try (World world = new World(seed)) {
                world.consume("a", "b", "c");
                world.runtime.advance(Duration.ofSeconds(60));
                world.broker.refusedEach.put("declare queue p", said(code));
                for (int i = 0; i < 3; i++) {
                    CompletableFuture<Void> end = world.provision(Duration.ofSeconds(connectTimeoutSeconds));
                    world.runtime.advance(Duration.ofSeconds(Math.min(connectTimeoutSeconds, 300)));

                    assertThat(end)
                            .isCompletedExceptionally()
                            .failsWithin(Duration.ZERO)
                            .withThrowableThat()
                            .havingCause()
                            .withMessageStartingWith("Provisioning group 'p' failed")
                            .withMessageContaining(String.valueOf(code));
                }
                world.runtime.advance(Duration.ofMinutes(2));

                assertThat(failed).as("seed %d", seed).isEmpty();
                assertThat(world.allConsume()).as("seed %d", seed).isTrue();
            }
        }
    }

    /** Who only sends asks for nothing that others would have to wait for. */
    @ParameterizedTest
    @ValueSource(ints = {541, 501, 504})
    void aProvisionBesideProducersIsTriedAgainOnTheNextConnectionAndHoldsNoProducerUp(int code) {
        try (World world = new World(1)) {
            RabbitMqProducer first = world.produce();
            assertThat(world.isConfirmedWithinASecond(first)).isTrue();
            world.broker.refusedEach.put("declare queue p", said(code));
            CompletableFuture<Void> end = world.provision(Duration.ofSeconds(10));
            world.awaitConnect(2);
            world.broker.refusedEach.clear();
            world.runtime.advance(Duration.ofMillis(50));

            assertThat(world.isConfirmedWithinASecond(world.produce())).isTrue();
            assertThat(world.isConfirmedWithinASecond(first)).isTrue();
            assertThat(end).isCompleted();
            assertThat(world.broker.attempts).as("connections").isEqualTo(2);
        }
    }

    /** Of two that were asking when the connection ended the first is not answered on the next one, and the other waits no longer. */
    @Test
    void nobodyWaitsForTheTurnOfOneThatHasLeft() {
        try (World world = new World(1)) {
            RabbitMqProducer first = world.produce();
            assertThat(world.isConfirmedWithinASecond(first)).isTrue();
            world.broker.refusedEach.put("declare queue p", said(541));
            world.broker.silentQuestions.add("declare queue q");
            CompletableFuture<Void> silent = world.provision("p", Duration.ofSeconds(20));
            CompletableFuture<Void> left = world.provision("q", Duration.ofSeconds(3));
            world.awaitConnect(2);
            world.broker.refusedEach.clear();
            world.broker.silentQuestions.add("declare queue p");
            world.runtime.advance(Duration.ofSeconds(3));
            assertThat(left).isCompletedExceptionally();
            assertThat(silent).isNotDone();

            assertThat(world.isConfirmedWithinASecond(world.produce())).isTrue();
        }
    }

    /** The word that the broker does not know how to do something was said to another. */
    @Test
    void aProvisionGoesOnWhereASubscriptionEndsTheConnectionMeanwhile() {
        for (long seed = 1; seed <= 10; seed++) {
            failed.clear();
            try (World world = new World(seed)) {
                world.broker.refusedEach.put("declare queue b", said(540));
                world.consume("a", "b", "c");
                while (!world.broker.asked.contains("declare queue b")) {
                    world.runtime.advance(Duration.ofNanos(100_000));
                }
                world.broker.latency = Duration.ofMillis(5);
                CompletableFuture<Void> end = world.provision(Duration.ofSeconds(30));
                world.broker.latency = Duration.ofMillis(1);
                world.runtime.advance(Duration.ofMinutes(2));

                assertThat(end).as("seed %d", seed).isCompleted();
                assertThat(failed).as("seed %d", seed).containsExactly("b");
            }
        }
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
