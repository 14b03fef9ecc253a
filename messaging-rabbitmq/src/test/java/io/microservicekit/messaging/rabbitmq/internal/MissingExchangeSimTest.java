package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.rabbitmq.internal.consume.RabbitMqConsumer;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who deletes an exchange deletes its bindings: a consumer that is registered gets nothing more, and nobody tells it. */
class MissingExchangeSimTest {
    private static final Closure GONE =
            new Closure(Closure.Kind.BROKER, 404, "NOT_FOUND - no exchange 'x' in vhost '/'", false, null);
    private static final String MISSING =
            "its exchange 'x' is missing or was, and with it the bindings of its queue 'group'";

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(5);
    private final Loop loop = runtime.loop("supervisor");
    private final ScriptedBroker broker = new ScriptedBroker(runtime, loop);
    private final System.Logger silent = System.getLogger("silent");
    private final ConnectionSupervisor supervisor = new ConnectionSupervisor(broker, runtime, loop, "test", silent);
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void end() {
        runtime.close();
    }

    private RabbitMqConsumer consume(RabbitMqTopology topology, String exchange) {
        ConsumerSpec spec = new ConsumerSpec(
                "group",
                List.of("orders"),
                StartPosition.NEWEST,
                OrderingMode.PARTITION,
                16,
                100_000,
                null,
                false,
                silent);
        RabbitMqConsumer consumer = RabbitMqConsumer.open(
                new BackendContext("client", runtime, silent, new MessagingObserver() {}, Duration.ofSeconds(10)),
                RabbitMqOptions.builder()
                        .url("amqp://localhost")
                        .exchange(exchange)
                        .topology(topology)
                        .build(),
                supervisor,
                new GroupTopics(),
                new RabbitMqConsumer.Subscribed(spec, new Listener()));
        runtime.advance(Duration.ofSeconds(1));
        assertThat(broker.asked).contains("consume group");
        broker.asked.clear();
        return consumer;
    }

    private void probe() {
        var unused = supervisor.probePresent();
        runtime.advance(Duration.ofMillis(20));
    }

    @Test
    void aHealthCheckThatDoesNotFindTheExchangeHasItDeclaredAndBoundUnderTheConsumer() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.CREATE, "x");
        broker.refusedEach.put("exchange x", GONE);
        probe();

        assertThat(broker.asked).containsSubsequence("exchange x", "declare exchange x", "bind group");
        assertThat(broker.asked).as("nothing is given back").doesNotContain("consume group");
        assertThat(events).containsExactly("assigned", "ready");
        assertThat(consumer.impediment()).isNull();
    }

    @Test
    void aSendThatDoesNotFindTheExchangeHasItBoundByTheConsumersOfTheClient() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.CREATE, "x");
        RabbitMqProducer producer = new RabbitMqProducer(
                supervisor,
                runtime,
                new RabbitMqProducer.Settings("x", true, UnroutablePolicy.FAIL, 1_000, 2_000, silent),
                Preparation.nothing(runtime),
                supervisor::exchangeMissing);
        producer.start();
        var unused = producer.send(Message.builder("missing").valueText("").build(), Duration.ofSeconds(10));
        runtime.advance(Duration.ofSeconds(1));

        assertThat(broker.asked).containsSubsequence("declare exchange x", "bind group");
        assertThat(events).containsExactly("assigned", "ready");
        assertThat(consumer.impediment()).isNull();
    }

    /** Of the health check, which asks for the queue once the exchange has answered. */
    @Test
    void aQueueThatCouldNotBeAskedForIsAskedForTheNextTimeWhetherOrNotTheChannelCouldBeClosed() {
        consume(RabbitMqTopology.CREATE, "x");
        broker.unaskable.add("queue group");
        broker.withoutClose = 1;
        probe();
        assertThat(broker.unaskable).as("did not test: not asked").isEmpty();
        assertThat(broker.withoutClose).as("the channel on which it was asked").isZero();
        probe();

        assertThat(broker.asked).contains("queue group");
    }

    @Test
    void whatCouldNotBeDeclaredUnderTheConsumerIsDeclaredTheNextTime() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.CREATE, "x");
        broker.refusedEach.put("exchange x", GONE);
        broker.unaskable.add("bind group");
        probe();
        assertThat(broker.unaskable).as("did not test: not asked").isEmpty();
        assertThat(consumer.impediment()).startsWith(MISSING);
        probe();

        assertThat(broker.asked).contains("bind group");
        assertThat(consumer.impediment()).isNull();
    }

    @Test
    void wherePermissionToDeclareIsRefusedTheSubscriptionEndsWithThat() {
        consume(RabbitMqTopology.CREATE, "x");
        broker.refusedEach.put("exchange x", GONE);
        broker.refusedEach.put(
                "declare exchange x",
                new Closure(Closure.Kind.BROKER, 403, "ACCESS_REFUSED - access to exchange 'x' refused", false, null));
        probe();
        runtime.advance(Duration.ofSeconds(5));

        assertThat(events).endsWith("lost", "failed AUTHORIZATION");
    }

    @Test
    void whereTheTopologyIsNotOursItIsNamedUntilItIsThere() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.PASSIVE, "x");
        broker.refusedEach.put("exchange x", GONE);
        probe();
        assertThat(consumer.impediment()).startsWith(MISSING);
        assertThat(broker.asked).doesNotContain("declare exchange x", "consume group");

        broker.refusedEach.clear();
        probe();
        assertThat(consumer.impediment()).isNull();
        assertThat(events).containsExactly("assigned", "ready");
    }

    @Test
    void anExchangeThatNobodyCanDeleteOrThatIsNoneOfOursIsNotAskedFor() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.NONE, "x");
        supervisor.exchangeMissing();
        probe();
        var unused = consumer.close(Duration.ofSeconds(1));
        runtime.advance(Duration.ofSeconds(1));
        RabbitMqConsumer other = consume(RabbitMqTopology.CREATE, "amq.direct");
        supervisor.exchangeMissing();
        probe();

        assertThat(broker.asked).doesNotContain("exchange x", "bind group");
        assertThat(other.impediment()).isNull();
    }

    private final class Listener extends QuietListener {
        @Override
        public void ready() {
            events.add("ready");
        }

        @Override
        public void assigned(Set<Assignment> assignments) {
            events.add("assigned");
        }

        @Override
        public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
            events.add("revoked");
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void lost(Set<Assignment> assignments) {
            events.add("lost");
        }

        @Override
        public void failed(MessagingException cause) {
            events.add("failed " + cause.code());
        }
    }
}
