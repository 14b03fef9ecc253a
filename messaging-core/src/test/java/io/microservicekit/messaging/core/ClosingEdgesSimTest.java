package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Closing and waiting where it cannot be done as usual: in a handler, on an interrupted thread, on a loop. */
class ClosingEdgesSimTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimWorld world = SimWorld.topics(1);
    private final MessagingClient client = world.client("a");

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void aProducerThatIsClosedInAHandlerIsFlushedAfterTheCloseHasReturned() {
        MessageProducer producer = client.producer();
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        List<Boolean> endedAtClose = new ArrayList<>();
        world.subscribe(client, ConsumerOptions.defaults(), message -> {
            sent.add(producer.sendAsync(Message.builder("audit").build()));
            producer.close();
            endedAtClose.add(sent.get(0).isDone());
        });
        world.broker.delayConfirms("audit", Duration.ofSeconds(3), 1);
        world.sendTo(0, "order");
        world.seconds(5);

        assertThat(endedAtClose).containsExactly(false);
        assertThat(sent.get(0)).isCompleted();
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void anInterruptedCloseOfAProducerEndsWhatIsPendingAtOnceAndKeepsTheFlag() {
        MessageProducer producer = client.producer();
        world.broker.delayConfirms("audit", Duration.ofSeconds(20), 1);
        CompletableFuture<SendResult> sent =
                producer.sendAsync(Message.builder("audit").build());
        Duration before = world.sim.elapsed();

        Thread.currentThread().interrupt();
        producer.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(world.sim.elapsed().minus(before)).isLessThan(SECOND);
        assertThat(sent).isCompletedExceptionally();
    }

    @Test
    void aConsumerThatIsClosedInItsHandlerStopsAfterThatMessageAndTheCloseReturnsBefore() {
        MessageConsumer consumer = client.consumer(SimWorld.GROUP);
        consumer.subscribe(SimWorld.TOPIC, world.recorded(message -> {
                    consumer.close();
                    world.work(SECOND);
                }))
                .awaitReady(SECOND);
        world.sendTo(0, "last", "behind");
        world.seconds(5);

        assertThat(world.values()).containsExactly("last");
        assertThat(world.committed(0)).isEqualTo(1);
        assertThatThrownBy(() -> consumer.subscribe(SimWorld.TOPIC, message -> {}))
                .hasMessageContaining("closed");
    }

    @Test
    void whatIsHandledAndNotCommittedCountsAsReturned() {
        ConsumerOptions manual =
                ConsumerOptions.builder().ackMode(AckMode.MANUAL).build();
        world.subscribe(client, manual, message -> {});
        world.sendTo(0, "1", "2");

        ShutdownReport report = client.shutdown(SECOND);

        assertThat(world.values()).containsExactly("1", "2");
        assertThat(report.returned()).isEqualTo(2);
        assertThat(report.clean()).isTrue();
    }

    @Test
    void anInterruptedWaitForReadinessIsATimeoutWithTheFlagSetAndTheSubscriptionGoesOn() {
        world.broker.disconnect();
        Subscription subscription = client.consumer(SimWorld.GROUP).subscribe(SimWorld.TOPIC, message -> {});

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> subscription.awaitReady(SECOND))
                .isInstanceOfSatisfying(
                        ConsumeException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT));
        assertThat(Thread.interrupted()).isTrue();

        world.broker.reconnect();
        world.seconds(10);
        assertThat(subscription.ready()).isCompleted();
    }

    @Test
    void waitingForReadinessOnALoopOfTheClientIsRefused() {
        world.broker.disconnect();
        Subscription subscription = client.consumer(SimWorld.GROUP).subscribe(SimWorld.TOPIC, message -> {});
        List<ConsumeException> refused = new ArrayList<>();
        CompletableFuture<?> unused = subscription.ready().thenRun(() -> {
            try {
                Subscription ready = subscription.awaitReady(SECOND);
                throw new AssertionError(ready + " waited");
            } catch (ConsumeException e) {
                refused.add(e);
            }
        });
        world.broker.reconnect();
        world.seconds(10);

        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(refused.get(0)).hasMessageContaining("must not wait");
    }
}
