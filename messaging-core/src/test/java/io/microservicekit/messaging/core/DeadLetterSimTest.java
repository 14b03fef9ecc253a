package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLetterSimTest {
    private final SimWorld world = SimWorld.topics(2);

    @AfterEach
    void end() {
        world.close();
    }

    private static ConsumerOptions deadLetters() {
        return ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build();
    }

    private void consumeFailingBad() {
        world.subscribe("a", deadLetters(), message -> {
            if ("bad".equals(message.valueText())) {
                throw new IllegalStateException("no stock");
            }
        });
    }

    @Test
    void aClientThatHasDeadLetteredAndIsQuietHasNoTimerPending() {
        consumeFailingBad();
        world.sendTo(0, "bad", "good");
        world.seconds(1);
        assertThat(world.committed(0)).isEqualTo(2);
        assertThatCode(() -> world.sim.drain(Duration.ZERO)).doesNotThrowAnyException();
    }

    @Test
    void aSendThatFailsGivesItsContinuationsTheErrorItselfWithoutAWrapper() {
        consumeFailingBad();
        world.broker.refuse(SimWorld.TOPIC);
        List<Throwable> seen = new ArrayList<>();
        CompletableFuture<?> unused = world.sender()
                .sendAsync(Message.builder(SimWorld.TOPIC).build())
                .whenComplete((result, error) -> seen.add(error));
        world.seconds(1);
        assertThat(seen).singleElement().isInstanceOf(SendException.class);
    }

    @Test
    void aDeadLetterThatIsNotConfirmedAndRoutedIsNoneAndItsSourceStaysUnacknowledged() {
        List<@Nullable SendResult> answers = new ArrayList<>();
        answers.add(new SendResult(SimWorld.DEAD, 0, 0, 0, false, true));
        answers.add(new SendResult(SimWorld.DEAD, 0, 0, 0, true, false));
        answers.add(null);
        MessageProducer unsure = new ScriptedProducer(answers);
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD, unsure).build();
        world.subscribe("a", options, message -> {
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "bad");
        world.seconds(20);
        assertThat(world.events.deadLetterFailures).hasSizeGreaterThanOrEqualTo(4);
        assertThat(world.committed(0)).isZero();
        assertThat(world.events.deadLettered).isEmpty();
    }

    @Test
    void aDeadLetterThatIsRefusedIsTriedAgainAndItsMessageWaitsUnacknowledged() {
        consumeFailingBad();
        world.broker.refuse(SimWorld.DEAD);
        world.sendTo(0, "bad", "behind");
        world.sendTo(1, "free");
        world.seconds(20);

        assertThat(world.events.deadLetterFailures)
                .extracting(failure -> failure.delay().toSeconds())
                .containsExactly(1L, 2L, 4L, 8L, 16L);
        assertThat(world.events.deadLetterFailures)
                .extracting(failure -> failure.cause())
                .allSatisfy(why -> assertThat(why).isInstanceOf(SendException.class));
        assertThat(world.values()).containsExactlyInAnyOrder("bad", "free");
        assertThat(world.committed(0)).isZero();
        assertThat(world.committed(1)).isEqualTo(1);

        world.broker.accept(SimWorld.DEAD);
        world.seconds(11);

        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(1).hasDeadLetter("no stock");
        assertThat(world.values()).endsWith("behind");
        assertThat(world.committed(0)).isEqualTo(2);
        assertThat(world.events.deadLettered).hasSize(1);
        assertThat(world.events.exhausted).hasSize(1);
    }

    @Test
    void aLostConfirmMakesASecondCopyAtMostAndLosesNothing() {
        consumeFailingBad();
        world.broker.loseConfirms(SimWorld.DEAD, 1);
        world.sendTo(0, "bad", "behind");

        world.seconds(29);
        assertThat(world.committed(0)).isZero();
        world.seconds(3);

        assertThat(world.broker.plannedFaults(SimWorld.DEAD)).isZero();
        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(2);
        assertThat(world.values()).containsExactly("bad", "behind");
        assertThat(world.committed(0)).isEqualTo(2);
    }

    @Test
    void anUnknownOutcomeIsNeverTakenForAConfirmation() {
        consumeFailingBad();
        world.broker.failSends(SimWorld.DEAD, SendOutcome.UNKNOWN, 1);
        world.sendTo(0, "bad");
        assertThat(world.committed(0)).isZero();

        world.seconds(1);

        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(1);
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void theUsersOwnProducerSendsTheDeadLettersAndStaysOpen() {
        MessagingClient other = world.client("dead-letters");
        MessageProducer own = other.producer();
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD, own).build();
        MessagingClient client = world.client("a");
        world.subscribe(client, options, message -> {
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "bad");
        client.close();

        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(1).hasDeadLetter("no stock");
        own.send(Message.builder("open").build());
        assertThat(world.broker).topic("open").hasSize(1);
    }

    @Test
    void aClosedProducerOfTheUserLeavesTheMessageUnacknowledgedButTheClientAlive() {
        MessageProducer own = world.client("b").producer();
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD, own).build();
        var subscription = world.subscribe("a", options, message -> {
            throw new IllegalStateException("no stock");
        });
        own.close();
        world.sendTo(0, "bad");
        world.seconds(3);

        assertThat(world.events.deadLetterFailures).hasSize(3);
        assertThat(world.committed(0)).isZero();
        assertThat(subscription.completion()).isNotDone();
    }

    @Test
    void aHandlerSendsThroughItsOwnClient() {
        MessagingClient client = world.client("a");
        MessageProducer producer = client.producer();
        world.subscribe(
                client,
                ConsumerOptions.defaults(),
                message -> producer.send(Message.builder("shipments").build(), Duration.ofSeconds(1)));
        world.sendTo(0, "order-1", "order-2");

        assertThat(world.broker).topic("shipments").hasSize(2);
        assertThat(world.committed(0)).isEqualTo(2);
    }
}
