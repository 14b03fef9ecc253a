package io.microservicekit.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MemoryFaultsTest {
    private static final Message ORDER =
            Message.builder("orders").valueText("1").build();

    private final MemoryWorld world = new MemoryWorld(MemoryBroker.create());
    private final MemoryBroker broker = world.broker;

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void aRefusedTopicTakesNothingUntilItIsAccepted() {
        broker.refuse("orders");
        SendException refused = MemoryWorld.failure(world.send(ORDER));
        assertThat(refused.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
        assertThat(broker.messages("orders")).isEmpty();
        broker.accept("orders");
        assertThat(world.send(ORDER)).isCompleted();
        assertThat(broker.messages("orders")).hasSize(1);
    }

    @Test
    void plannedFailuresAreMetInOrderAndThenOver() {
        broker.failSends("orders", SendOutcome.NOT_DELIVERED, 1);
        broker.failSends("orders", SendOutcome.UNKNOWN, 1);
        assertThat(broker.plannedFaults("orders")).isEqualTo(2);
        assertThat(MemoryWorld.failure(world.send(ORDER)).outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
        assertThat(MemoryWorld.failure(world.send(ORDER)).outcome()).isEqualTo(SendOutcome.UNKNOWN);
        assertThat(broker.messages("orders")).isEmpty();
        assertThat(broker.plannedFaults("orders")).isZero();
        assertThat(world.send(ORDER)).isCompleted();
        assertThatThrownBy(() -> broker.failSends("orders", SendOutcome.DELIVERED, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLostConfirmationLeavesTheMessageStoredAndTheOutcomeUnknownWhenTheTimeIsUp() {
        broker.loseConfirms("orders", 1);
        CompletableFuture<SendResult> sent = world.send(ORDER);
        assertThat(broker.messages("orders")).hasSize(1);
        world.runtime.advance(MemoryWorld.TIMEOUT.minusNanos(1));
        assertThat(sent).isNotDone();
        world.runtime.advance(Duration.ofNanos(1));
        assertThat(MemoryWorld.failure(sent).outcome()).isEqualTo(SendOutcome.UNKNOWN);
        assertThat(MemoryWorld.failure(sent).code()).isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void aSendThatComesBetweenTheCloseOfItsProducerAndOfItsBackendEndsToo() {
        Backend backend = world.client("late");
        BackendProducer producer = backend.producer(ProducerSpec.defaults(System.getLogger("test")));
        CompletableFuture<Long> closed = producer.close(Duration.ofSeconds(1));
        CompletableFuture<SendResult> late = producer.send(ORDER, MemoryWorld.TIMEOUT);
        CompletableFuture<Void> ended = backend.close(Duration.ofSeconds(1));
        world.runtime.settle();
        assertThat(closed).isCompleted();
        assertThat(ended).isCompleted();
        assertThat(MemoryWorld.failure(late).code()).isEqualTo(ErrorCode.PRODUCER_CLOSED);
    }

    @Test
    void aDelayedConfirmationComesWhenItIsDue() {
        broker.delayConfirms("orders", Duration.ofSeconds(2), 1);
        CompletableFuture<SendResult> sent = world.send(ORDER);
        world.runtime.advance(Duration.ofMillis(1_999));
        assertThat(sent).isNotDone();
        world.runtime.advance(Duration.ofMillis(1));
        assertThat(sent).isCompleted();
    }

    @Test
    void aDuplicatedMessageIsStoredTwiceAndConfirmedOnce() {
        broker.duplicateNext("orders");
        assertThat(world.send(ORDER)).isCompleted();
        assertThat(broker.messages("orders")).hasSize(2);
    }

    @Test
    void aLostConnectionLeavesWhatWasStoredUnknownAndRefusesTheRest() {
        broker.delayConfirms("orders", Duration.ofSeconds(2), 1);
        CompletableFuture<SendResult> stored = world.send(ORDER);
        broker.disconnect();
        CompletableFuture<SendResult> late = world.send(ORDER);
        assertThat(MemoryWorld.failure(stored).outcome()).isEqualTo(SendOutcome.UNKNOWN);
        assertThat(MemoryWorld.failure(late).outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
        broker.reconnect();
        assertThat(world.send(ORDER)).isCompleted();
    }

    @Test
    void closingAProducerWaitsForConfirmationsUpToTheLimitAndCountsTheRest() {
        broker.loseConfirms("orders", 1);
        broker.delayConfirms("orders", Duration.ofSeconds(2), 1);
        CompletableFuture<SendResult> lost = world.send(ORDER);
        CompletableFuture<SendResult> slow = world.send(ORDER);
        CompletableFuture<Long> closed = world.producer.close(Duration.ofSeconds(3));
        world.runtime.advance(Duration.ofSeconds(2));
        assertThat(slow).isCompleted();
        assertThat(closed).isNotDone();
        world.runtime.advance(Duration.ofSeconds(1));
        assertThat(closed).isCompletedWithValue(1L);
        assertThat(MemoryWorld.failure(lost).outcome()).isEqualTo(SendOutcome.UNKNOWN);
        assertThat(MemoryWorld.failure(world.send(ORDER)).code()).isEqualTo(ErrorCode.PRODUCER_CLOSED);
        assertThat(world.producer.close(Duration.ZERO)).isNotNull();
    }

    @Test
    void aClosedBackendAnswersAllTheSame() {
        MemoryBroker other = MemoryBroker.create();
        try (MemoryWorld closing = new MemoryWorld(other)) {
            var backend = closing.client("a");
            var producer = backend.producer(ProducerSpec.defaults(System.getLogger("test")));
            CompletableFuture<Void> closed = backend.close(Duration.ofSeconds(1));
            closing.runtime.settle();
            assertThat(closed).isCompleted();
            assertThat(MemoryWorld.failure(producer.send(ORDER, MemoryWorld.TIMEOUT))
                            .code())
                    .isEqualTo(ErrorCode.PRODUCER_CLOSED);
            assertThat(backend.probe()).isCompletedExceptionally();
            assertThat(producer.close(Duration.ZERO)).isCompletedWithValue(0L);
        }
    }
}
