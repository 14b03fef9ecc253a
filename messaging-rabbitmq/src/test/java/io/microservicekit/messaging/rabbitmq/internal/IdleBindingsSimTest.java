package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.rabbitmq.internal.consume.RabbitMqConsumer;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody else has declared the exchange again before anyone missed it: only its bindings are gone, which nobody can ask for, but bind again. */
class IdleBindingsSimTest {
    private static final Duration IDLE = Duration.ofSeconds(60);

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

    private RabbitMqConsumer consume(RabbitMqTopology topology) {
        ConsumerSpec spec = new ConsumerSpec(
                "group",
                List.of("orders", "payments"),
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
                        .exchange("x")
                        .topology(topology)
                        .build(),
                supervisor,
                new GroupTopics(),
                new RabbitMqConsumer.Subscribed(spec, new Listener()));
        runtime.advance(Duration.ofSeconds(1));
        assertThat(broker.asked).contains("consume group");
        probe();
        broker.asked.clear();
        return consumer;
    }

    private void probe() {
        var unused = supervisor.probePresent();
        runtime.advance(Duration.ofMillis(20));
    }

    /** As health does it, each second. */
    private void probeFor(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            runtime.advance(Duration.ofMillis(980));
            probe();
        }
    }

    private long bound() {
        return broker.asked.stream().filter("bind group"::equals).count();
    }

    private ScriptedBroker.Connection present() {
        return Objects.requireNonNull(broker.present, "not connected");
    }

    @Test
    void aConsumerThatGotNothingForAMinuteIsBoundAgainToEachTopicOnceAMinute() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.CREATE);
        probeFor(IDLE.minusSeconds(1));
        assertThat(bound()).isZero();
        probeFor(Duration.ofSeconds(2));
        assertThat(bound()).isEqualTo(2);
        assertThat(broker.asked).containsSubsequence("exchange x", "queue group", "bind group", "bind group");

        probeFor(IDLE.multipliedBy(3));
        assertThat(bound()).isEqualTo(8);
        assertThat(broker.asked)
                .as("on the channel of the checks, and nothing else")
                .containsOnly("exchange amq.direct", "exchange x", "queue group", "bind group");
        assertThat(consumer.impediment()).isNull();
        assertThat(events).containsExactly("assigned", "ready");
    }

    @Test
    void whoGetsMessagesHasItsBindings() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.CREATE);
        for (int i = 0; i < 5; i++) {
            probeFor(IDLE.minusSeconds(10));
            present().deliver();
            probeFor(Duration.ofSeconds(1));
        }
        assertThat(bound()).isZero();
        probeFor(IDLE);

        assertThat(bound()).as("did not test: for want of messages").isEqualTo(2);
        assertThat(consumer.impediment()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"PASSIVE", "NONE"})
    void whatIsNotOursIsNotBound(RabbitMqTopology topology) {
        RabbitMqConsumer consumer = consume(topology);
        probeFor(IDLE.multipliedBy(2));

        assertThat(bound()).isZero();
        assertThat(broker.asked).as("did not test: not asked").contains("queue group");
        assertThat(consumer.impediment()).isNull();
    }

    /** Where the queue has no leader the node may be one that cannot write a binding, and it ends the connection that asks for one. */
    @Test
    void aQueueThatKnowsOfNoConsumerIsNotBound() {
        consume(RabbitMqTopology.CREATE);
        broker.consumers = 0;
        probeFor(IDLE.multipliedBy(2));
        assertThat(bound()).isZero();
        broker.consumers = 1;
        probeFor(Duration.ofSeconds(1));

        assertThat(bound()).isEqualTo(2);
    }

    @Test
    void whoMayNoLongerBindGoesOnConsumingAndIsNotBoundAgain() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.CREATE);
        refuse(403, "ACCESS_REFUSED - access to exchange 'x' in vhost '/' refused", false);
        probeFor(IDLE.multipliedBy(3));

        assertThat(bound()).isEqualTo(1);
        assertThat(broker.asked).endsWith("exchange x", "queue group");
        assertThat(consumer.impediment()).isNull();
        assertThat(events).containsExactly("assigned", "ready");
    }

    /** Between the questions: the next one finds what is missing. */
    @Test
    void whatIsGoneMeanwhileEndsNothingAndIsTheNextQuestionsFinding() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.CREATE);
        refuse(404, "NOT_FOUND - no exchange 'x' in vhost '/'", false);
        probeFor(IDLE.plusSeconds(1));
        assertThat(bound()).isEqualTo(1);
        assertThat(consumer.impediment()).isNull();
        probeFor(IDLE);

        assertThat(bound()).as("tried again").isEqualTo(2);
        assertThat(events).containsExactly("assigned", "ready");
    }

    @Test
    void aBindingWithoutAnAnswerIsNoFindingOfTheQueueAndNotAskedForAgain() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.CREATE);
        broker.silentQuestions.add("bind group");
        probeFor(IDLE.plusSeconds(5));
        assertThat(bound()).isEqualTo(1);
        assertThat(consumer.impediment()).isNull();
        probeFor(IDLE.multipliedBy(2));

        assertThat(bound()).isEqualTo(1);
        assertThat(broker.asked).endsWith("exchange x", "queue group");
        assertThat(consumer.impediment()).isNull();
        assertThat(events).containsExactly("assigned", "ready");
    }

    @Test
    void aBindingThatEndsTheConnectionFailsNobody() {
        RabbitMqConsumer consumer = consume(RabbitMqTopology.CREATE);
        refuse(541, "INTERNAL_ERROR - Could not add binding due to timeout", true);
        probeFor(IDLE.plusSeconds(1));
        assertThat(bound()).as("did not test: not asked for").isEqualTo(1);
        assertThat(events).endsWith("lost");
        broker.refusedEach.clear();
        probeFor(Duration.ofSeconds(5));
        assertThat(events).containsExactly("assigned", "ready", "lost", "assigned", "ready");
        broker.asked.clear();
        probeFor(IDLE);

        assertThat(bound()).as("where it could bind when it came back").isEqualTo(2);
        assertThat(consumer.impediment()).isNull();
    }

    private void refuse(int code, String text, boolean ofConnection) {
        broker.refusedEach.put("bind group", new Closure(Closure.Kind.BROKER, code, text, ofConnection, null));
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
        public void lost(Set<Assignment> assignments) {
            events.add("lost");
        }

        @Override
        public void failed(MessagingException cause) {
            events.add("failed " + cause.code());
        }
    }
}
