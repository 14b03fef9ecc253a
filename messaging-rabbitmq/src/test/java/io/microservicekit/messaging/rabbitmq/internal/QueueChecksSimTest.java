package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.internal.consume.RabbitMqConsumer;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.shared.GroupTopics;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queues that are consumed are asked for when health is: a registered consumer gets nothing of a queue that is gone or has no leader. */
class QueueChecksSimTest {
    private static final Closure GONE = refusal(404, "NOT_FOUND - no queue 'a' in vhost '/'");

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(5);
    private final Loop loop = runtime.loop("supervisor");
    private final ScriptedBroker broker = new ScriptedBroker(runtime, loop);
    private final System.Logger silent = System.getLogger("silent");
    private final ConnectionSupervisor supervisor = new ConnectionSupervisor(broker, runtime, loop, "test", silent);
    private final GroupTopics groups = new GroupTopics();
    private final Set<Assignment> assigned = new LinkedHashSet<>();
    private final RabbitMqConsumer a = consumer("a");
    private final RabbitMqConsumer b = consumer("b");

    @BeforeEach
    void consume() {
        runtime.advance(Duration.ofSeconds(1));
        assertThat(broker.asked).contains("consume a", "consume b");
        broker.asked.clear();
    }

    @AfterEach
    void end() {
        runtime.close();
    }

    private RabbitMqConsumer consumer(String queue) {
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
        MessagingObserver none = new MessagingObserver() {};
        return RabbitMqConsumer.open(
                new BackendContext("client", runtime, silent, none, Duration.ofSeconds(10)),
                RabbitMqOptions.builder().url("amqp://localhost").build(),
                supervisor,
                groups,
                new RabbitMqConsumer.Subscribed(spec, new Listener()));
    }

    private static Closure refusal(int code, String text) {
        return new Closure(Closure.Kind.BROKER, code, text, false, null);
    }

    /** As health does it, and whether the broker answered. */
    private boolean probe() {
        CompletableFuture<Void> probe = supervisor.probePresent();
        runtime.advance(Duration.ofMillis(20));
        return probe.isDone() && !probe.isCompletedExceptionally();
    }

    private long channels() {
        return broker.asked.stream().filter("channel"::equals).count();
    }

    @Test
    void theQueuesAreAskedForWhenHealthIsOnOneChannelThatStays() {
        runtime.advance(Duration.ofMinutes(1));
        assertThat(broker.asked).as("nobody has asked for health").isEmpty();

        assertThat(probe()).isTrue();
        assertThat(probe()).isTrue();

        assertThat(broker.asked)
                .containsOnly("channel", "exchange amq.direct", "queue a", "queue b")
                .containsOnlyOnce("exchange amq.direct");
        assertThat(channels()).as("of the round trip, and of the queues").isEqualTo(2);
        assertThat(broker.asked).filteredOn("queue a"::equals).hasSize(2);
        assertThat(a.impediment()).isNull();
        assertThat(b.impediment()).isNull();
    }

    @Test
    void aQueueThatIsGoneIsTheImpedimentOfItsSubscriptionUntilItIsBack() {
        broker.refusedEach.put("queue a", GONE);
        assertThat(probe()).as("the broker answers").isTrue();

        assertThat(a.impediment())
                .contains("its queue 'a' cannot be used (404", "NOT_FOUND - no queue 'a'", "create it again");
        assertThat(b.impediment()).isNull();
        assertThat(broker.asked).as("beyond the channel that is gone").contains("queue b");

        assertThat(probe()).isTrue();
        assertThat(a.impediment()).as("asked again, on a new channel").isNotNull();
        broker.refusedEach.clear();
        assertThat(probe()).isTrue();
        assertThat(a.impediment()).isNull();
        assertThat(broker.asked)
                .doesNotContain("close")
                .as("the consumer's channel")
                .doesNotContain("consume a");
    }

    @Test
    void aQueueWithoutAnAnswerIsNamedWithinThePatienceOfHealthAndTheOthersAreAskedForBehindIt() {
        broker.silentQuestions.add("queue a");
        assertThat(probe()).isTrue();
        assertThat(a.impediment()).isNull();
        runtime.advance(Duration.ofSeconds(3));

        assertThat(a.impediment()).contains("its queue 'a' does not answer", "has a leader");
        assertThat(b.impediment()).isNull();
        assertThat(probe()).as("the broker answers, over its own channel").isTrue();
        assertThat(broker.asked).as("asked once at a time").containsOnlyOnce("queue a");

        broker.silentQuestions.clear();
        runtime.advance(Duration.ofSeconds(8));
        assertThat(broker.asked).as("once the driver has given it up").contains("queue b");
        assertThat(a.impediment()).as("nothing else is known").isNotNull();
        assertThat(probe()).isTrue();
        assertThat(a.impediment()).isNull();
    }

    @Test
    void aQueueWithoutAnAnswerIsNamedAlsoWhereTheDriverWaitsForLess() {
        broker.rpcTimeout = Duration.ofSeconds(1);
        broker.silentQuestions.add("queue a");
        assertThat(probe()).isTrue();
        runtime.advance(Duration.ofSeconds(1));

        assertThat(a.impediment()).contains("its queue 'a' does not answer");
        assertThat(b.impediment()).isNull();
        assertThat(broker.asked).contains("queue b");
    }

    @Test
    void whoMayNotAskForAQueueMayConsumeIt() {
        broker.refusedEach.put("queue a", refusal(403, "ACCESS_REFUSED - access to queue 'a' refused"));

        assertThat(probe()).isTrue();
        assertThat(probe()).isTrue();

        assertThat(broker.asked).as("asked, and not again").containsOnlyOnce("queue a");
        assertThat(a.impediment()).isNull();
        assertThat(b.impediment()).isNull();
    }

    @Test
    void aQueueThatKnowsOfNoConsumerTwiceHasNoLeader() {
        broker.consumers = 1;
        assertThat(probe()).isTrue();
        broker.consumers = 0;
        assertThat(probe()).isTrue();
        assertThat(a.impediment()).as("a busy leader says so too").isNull();
        assertThat(probe()).isTrue();
        assertThat(a.impediment()).contains("its queue 'a' has no leader", "quorum_status");

        broker.consumers = 1;
        assertThat(probe()).isTrue();
        assertThat(a.impediment()).isNull();
    }

    @Test
    void aQueueThatHasNeverCountedItsConsumersAsAStreamNeverDoesIsNotSaidToLackThem() {
        broker.consumers = 0;
        for (int i = 0; i < 3; i++) {
            assertThat(probe()).isTrue();
            assertThat(a.impediment()).isNull();
        }
    }

    @Test
    void whatIsPausedOrClosedIsNotAskedFor() {
        broker.refusedEach.put("queue a", GONE);
        assertThat(probe()).isTrue();
        assertThat(a.impediment()).isNotNull();
        a.pause(assigned);
        var unused = b.close(Duration.ofSeconds(1));
        runtime.advance(Duration.ofSeconds(2));
        broker.asked.clear();
        assertThat(probe()).isTrue();

        assertThat(broker.asked).containsExactly("exchange amq.direct");
        assertThat(a.impediment()).as("what was found was found of a consumer").isNull();
    }

    @Test
    void whatWasFoundEndsWithItsConnection() {
        broker.refusedEach.put("queue a", GONE);
        assertThat(probe()).isTrue();
        broker.refusedEach.clear();
        present().end(ScriptedBroker.cut("reset"));
        runtime.advance(Duration.ofSeconds(5));

        assertThat(broker.asked).as("did not test: consumed anew").contains("consume a");
        assertThat(a.impediment()).isNull();
    }

    @Test
    void whereTheChannelIsOneTooManyTheQueuesAreAskedForNoMore() {
        CompletableFuture<Void> probe = supervisor.probePresent();
        for (int i = 0; i < 50 && channels() < 2; i++) {
            runtime.advance(Duration.ofMillis(1));
        }
        broker.answering = false;
        present().end(ScriptedBroker.brokerSays(530, "NOT_ALLOWED - number of channels: the user limit is reached"));
        broker.answering = true;
        runtime.advance(Duration.ofSeconds(5));
        broker.asked.clear();

        assertThat(probe).as("that of the round trip").isCompleted();
        assertThat(probe()).isTrue();
        assertThat(probe()).isTrue();
        assertThat(broker.asked).containsExactly("channel", "exchange amq.direct");
        assertThat(a.impediment()).isNull();
    }

    @Test
    void aQuestionForWhichThereIsNoThreadIsAskedTheNextTime() {
        present().lackingAfter = 1;
        assertThat(probe()).as("that of the round trip").isTrue();
        assertThat(present().lackingAfter)
                .as("did not test: no channel was opened")
                .isNegative();
        assertThat(a.impediment()).as("nothing is known of it").isNull();
        broker.asked.clear();
        assertThat(probe()).isTrue();

        assertThat(broker.asked).contains("queue a", "queue b");
    }

    @Test
    void aChannelThatWasRefusedIsNotWhatEndsTheConnectionLater() {
        CompletableFuture<Void> probe = supervisor.probePresent();
        for (int i = 0; i < 50 && channels() < 2; i++) {
            runtime.advance(Duration.ofMillis(1));
        }
        broker.refusedQuestions.add(refusal(530, "the limit channel_max is reached"));
        runtime.advance(Duration.ofMillis(10));
        assertThat(probe).isCompleted();
        assertThat(broker.refusedQuestions).as("did not test: not refused").isEmpty();
        present().end(ScriptedBroker.brokerSays(530, "NOT_ALLOWED - the connection limit is reached"));
        runtime.advance(Duration.ofSeconds(5));
        broker.asked.clear();
        assertThat(probe()).isTrue();

        assertThat(broker.asked).as("they are still asked for").contains("queue a", "queue b");
    }

    private ScriptedBroker.Connection present() {
        return Objects.requireNonNull(broker.present, "not connected");
    }

    private final class Listener extends QuietListener {
        @Override
        public void assigned(Set<Assignment> assignments) {
            assigned.addAll(assignments);
        }
    }
}
