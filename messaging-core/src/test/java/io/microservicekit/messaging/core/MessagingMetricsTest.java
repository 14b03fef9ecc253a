package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.DeadLetterFailed;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.MessageExhausted;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MessagingMetricsTest {
    private static final MetricsSnapshot NOTHING = new MessagingMetrics().snapshot();
    private final IllegalStateException broken = new IllegalStateException("broken");

    private final MessagingMetrics metrics = new MessagingMetrics();
    private final ReceivedMessage message = received("orders");

    @Test
    void aConfirmedSendCountsOnceInTotalAndForItsTopic() {
        metrics.sent(result("orders"), 1_000_000);
        metrics.sent(result("orders"), 3_000_000);
        metrics.sent(result("bills"), 2_000_000);

        MetricsSnapshot snapshot = metrics.snapshot();
        assertThat(snapshot.messagesSent()).isEqualTo(3);
        assertThat(snapshot.topicSent()).containsExactly(entry("bills", 1L), entry("orders", 2L));
        assertThat(snapshot.sendLatency().average()).isEqualTo(Duration.ofMillis(2));
        assertThat(snapshot.sendLatency().max()).isEqualTo(Duration.ofMillis(3));
        assertThat(snapshot.sendLatencyAvg()).isEqualTo(Duration.ofMillis(2));
        assertThat(snapshot.sendLatencyP99()).isEqualTo(snapshot.sendLatency().p99());
        assertThat(snapshot.sendLatency().p50()).isBetween(Duration.ofNanos(1_960_000), Duration.ofNanos(2_040_000));
        assertThat(snapshot.sendLatency().p99()).isBetween(Duration.ofNanos(2_940_000), Duration.ofMillis(3));
        assertThat(snapshot.sendLatency().p999())
                .isBetween(snapshot.sendLatency().p99(), Duration.ofMillis(3));
    }

    @Test
    void aSendThatReachedNoQueueIsCountedApartToo() {
        metrics.sent(result("orders"), 1_000);
        metrics.sent(new SendResult("orders", -1, -1, 2, true, false), 1_000);

        assertThat(metrics.snapshot().messagesUnrouted()).isEqualTo(1);
        assertThat(metrics.snapshot().messagesSent()).isEqualTo(2);
    }

    @Test
    void aSendWithoutConfirmationIsAnErrorAndNotSent() {
        metrics.sendFailed("orders", new MessagingException(ErrorCode.SEND_MESSAGE, "send to orders: timed out"));

        assertThat(metrics.snapshot().sendErrors()).isEqualTo(1);
        assertThat(metrics.snapshot().messagesSent()).isZero();
        assertThat(metrics.snapshot().topicSent()).isEmpty();
    }

    @Test
    void aMessageIsConsumedOnceWhenItIsHandledHoweverOftenItsHandlerFailedBefore() {
        metrics.handlerFailed(message, broken, 1);
        metrics.retryScheduled(new RetryScheduled(message, 1, Duration.ofSeconds(1), broken));
        metrics.handlerFailed(message.withAttempt(2), broken, 1);
        metrics.retryScheduled(new RetryScheduled(message.withAttempt(2), 2, Duration.ofSeconds(2), broken));
        metrics.handled(message.withAttempt(3), 1);

        MetricsSnapshot snapshot = metrics.snapshot();
        assertThat(snapshot.messagesConsumed()).isEqualTo(1);
        assertThat(snapshot.topicConsumed()).containsExactly(entry("orders", 1L));
        assertThat(snapshot.retryCount()).isEqualTo(2);
        assertThat(snapshot.consumeErrors()).isZero();
    }

    @Test
    void anExhaustedMessageIsOneConsumeErrorAndOnlyAConfirmedDeadLetterCounts() {
        metrics.handlerFailed(message, broken, 1);
        metrics.exhausted(new MessageExhausted(message, broken));
        metrics.deadLetterFailed(new DeadLetterFailed(message, 1, Duration.ofSeconds(1), broken));
        assertThat(metrics.snapshot().dlqCount()).isZero();

        metrics.deadLettered(new DeadLettered(message, result("orders-dlq")));

        assertThat(metrics.snapshot().dlqCount()).isEqualTo(1);
        assertThat(metrics.snapshot().consumeErrors()).isEqualTo(1);
        assertThat(metrics.snapshot().messagesConsumed()).isZero();
    }

    @Test
    void fromThe201stTopicOnAllShareOneCount() {
        for (int topic = 0; topic < 250; topic++) {
            metrics.handled(received("topic-" + topic), 1);
        }
        assertThat(metrics.snapshot().topicConsumed()).hasSize(201).containsEntry("_other", 50L);
        assertThat(metrics.snapshot().messagesConsumed()).isEqualTo(250);
    }

    @Test
    void aSnapshotNeverSeesHalfAReset() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 2_000; round++) {
                countOneOfEach();
                MetricsSnapshot before = metrics.snapshot();
                Future<?> reset = other.submit(() -> {
                    together.await(10, TimeUnit.SECONDS);
                    metrics.reset();
                    return null;
                });
                together.await(10, TimeUnit.SECONDS);
                MetricsSnapshot seen = metrics.snapshot();
                reset.get(10, TimeUnit.SECONDS);
                assertThat(seen).isIn(before, NOTHING);
                assertThat(metrics.snapshot()).isEqualTo(NOTHING);
            }
        } finally {
            other.shutdownNow();
        }
    }

    private void countOneOfEach() {
        metrics.sent(result("orders"), 1_000);
        metrics.handled(message, 1_000);
        metrics.retryScheduled(new RetryScheduled(message, 1, Duration.ofSeconds(1), broken));
        metrics.exhausted(new MessageExhausted(message, broken));
        metrics.deadLettered(new DeadLettered(message, result("orders-dlq")));
    }

    private static SendResult result(String topic) {
        return new SendResult(topic, 0, 1, 2, true, true);
    }

    private static ReceivedMessage received(String topic) {
        return ReceivedMessage.of(Message.builder(topic).build(), MessagePosition.of(topic, 0, 1), "group");
    }
}
