package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.MessageExhausted;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservationSimTest {
    private final SimWorld world = SimWorld.topics(1);
    private final MessagingMetrics metrics = new MessagingMetrics();

    @AfterEach
    void end() {
        world.close();
    }

    private void story(MessagingClient client) {
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(2, Duration.ofSeconds(1)))
                .deadLetterQueue(SimWorld.DEAD)
                .build();
        world.subscribe(client, options, message -> {
            boolean recovers = "flaky".equals(message.valueText()) && message.attempt() > 1;
            if (!recovers && !"good".equals(message.valueText())) {
                throw new IllegalStateException("no stock");
            }
        });
        world.broker.failSends(SimWorld.DEAD, SendOutcome.NOT_DELIVERED, 1);
        MessageProducer producer = client.producer();
        for (String value : new String[] {"good", "flaky", "bad", "good"}) {
            producer.send(Message.builder(SimWorld.TOPIC).valueText(value).build());
        }
        world.seconds(10);
    }

    @Test
    void theMetricsCountByTheirDefinitions() {
        story(world.builder("a").metrics(metrics).build());

        MetricsSnapshot snapshot = metrics.snapshot();

        assertThat(snapshot.messagesSent()).isEqualTo(5); // four, and the dead letter
        assertThat(snapshot.messagesConsumed()).isEqualTo(3);
        assertThat(snapshot.sendErrors()).isEqualTo(1); // the first try of the dead letter
        assertThat(snapshot.consumeErrors()).isEqualTo(1);
        assertThat(snapshot.retryCount()).isEqualTo(3); // flaky once, bad twice
        assertThat(snapshot.dlqCount()).isEqualTo(1);
        assertThat(snapshot.topicSent()).containsExactly(entry(SimWorld.TOPIC, 4L), entry(SimWorld.DEAD, 1L));
        assertThat(snapshot.topicConsumed()).containsExactly(entry(SimWorld.TOPIC, 3L));
    }

    @Test
    void aMessageThatBlocksItsLaneIsOneConsumeErrorHoweverOftenItIsTriedAgain() {
        MessagingClient client = world.builder("a").metrics(metrics).build();
        world.subscribe(client, ConsumerOptions.defaults(), message -> {
            throw new IllegalStateException("no stock");
        });
        world.send("bad");
        world.seconds(20);

        assertThat(metrics.snapshot().consumeErrors()).isEqualTo(1);
        assertThat(metrics.snapshot().retryCount())
                .isEqualTo(world.calls.size())
                .isGreaterThan(3);
        assertThat(metrics.snapshot().messagesConsumed()).isZero();
    }

    @Test
    void clientsThatShareTheMetricsAreCountedTogether() {
        world.builder("a")
                .metrics(metrics)
                .build()
                .producer()
                .send(Message.builder(SimWorld.TOPIC).build());
        world.builder("b")
                .metrics(metrics)
                .build()
                .producer()
                .send(Message.builder(SimWorld.TOPIC).build());

        assertThat(metrics.snapshot().topicSent()).containsExactly(entry(SimWorld.TOPIC, 2L));
    }

    @Test
    void theSendLatencyIsTheTimeToTheConfirmation() {
        MessagingClient client = world.builder("a").metrics(metrics).build();
        world.broker.delayConfirms(SimWorld.TOPIC, Duration.ofSeconds(2), 1);
        client.producer().send(Message.builder(SimWorld.TOPIC).build());

        assertThat(metrics.snapshot().sendLatency().max()).isEqualTo(Duration.ofSeconds(2));
        assertThat(metrics.snapshot().sendLatency().average()).isEqualTo(Duration.ofSeconds(2));
        metrics.reset();
        assertThat(metrics.snapshot().messagesSent()).isZero();
    }

    @Test
    void anObserverThatThrowsChangesNothingAndIsLoggedOnce() {
        story(world.builder("a").observer(new Throwing()).metrics(metrics).build());

        assertThat(metrics.snapshot().messagesConsumed()).isEqualTo(3);
        assertThat(metrics.snapshot().dlqCount()).isEqualTo(1);
        assertThat(world.committed(0)).isEqualTo(4);
        assertThat(world.log.containing("Throwing threw")).hasSize(1);
    }

    @Test
    void anAsynchronousSendIsCountedWhenItIsConfirmed() {
        MessagingClient client = world.builder("a").metrics(metrics).build();
        CompletableFuture<SendResult> sent =
                client.producer().sendAsync(Message.builder(SimWorld.TOPIC).build());
        assertThat(metrics.snapshot().messagesSent()).isZero();

        assertThat(sent.join().confirmed()).isTrue();

        assertThat(metrics.snapshot().messagesSent()).isEqualTo(1);
    }

    private static final class Throwing implements MessagingObserver {
        private static IllegalStateException broken() {
            return new IllegalStateException("broken observer");
        }

        @Override
        public void sent(SendResult result, long nanos) {
            throw broken();
        }

        @Override
        public void handled(ReceivedMessage message, long nanos) {
            throw broken();
        }

        @Override
        public void handlerFailed(ReceivedMessage message, Throwable cause, long nanos) {
            throw broken();
        }

        @Override
        public void retryScheduled(RetryScheduled event) {
            throw broken();
        }

        @Override
        public void exhausted(MessageExhausted event) {
            throw broken();
        }

        @Override
        public void deadLettered(DeadLettered event) {
            throw broken();
        }
    }
}
