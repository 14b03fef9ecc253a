package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop that has no memory to schedule what is to go on: the shortage that ends a driver's thread does not stop what replaces it. */
class LostTimersTest extends ScriptedDrivers {
    @AfterEach
    void theShortageWasMet() {
        assertThat(runtime.hasLackedAllMemory()).isTrue();
    }

    /** Errors of this kind end a test run, not a test. */
    private void passThroughTheShortage(Duration time) {
        assertThatCode(() -> pass(time)).doesNotThrowAnyException();
    }

    private CompletableFuture<SendResult> sendInTheShortage(KafkaBackendProducer producer) {
        CompletableFuture<SendResult> sent = new CompletableFuture<>();
        assertThatCode(() -> {
                    var unused = send(producer).whenComplete((result, error) -> {
                        if (error == null) {
                            sent.complete(result);
                        } else {
                            sent.completeExceptionally(error);
                        }
                    });
                })
                .doesNotThrowAnyException();
        return sent;
    }

    @Test
    void whatWaitsIsSentAlthoughTheFirstDrainCouldNotBeScheduled() {
        KafkaBackendProducer producer = producer();
        runtime.lackMemoryForTimers(1);
        CompletableFuture<SendResult> first = sendInTheShortage(producer);
        last().accepted = true;
        CompletableFuture<SendResult> second = send(producer);
        pass(Duration.ofMillis(20));
        assertThat(first).isCompletedWithValueMatching(result -> result.offset() == 1);
        assertThat(second).isCompletedWithValueMatching(result -> result.offset() == 2);
    }

    @Test
    void whatWaitsEndsAlthoughTheNextDrainCouldNotBeScheduled() {
        KafkaBackendProducer producer = producer();
        CompletableFuture<SendResult> first = send(producer);
        runtime.lackMemoryForTimers(1);
        passThroughTheShortage(Duration.ofMillis(1));
        CompletableFuture<SendResult> second = send(producer);
        pass(TIMEOUT);
        assertFailed(first, ErrorCode.TIMEOUT);
        assertFailed(second, ErrorCode.TIMEOUT);
    }

    @Test
    void whatWaitsEndsByTheNextSweepWhenNobodySendsAgain() {
        KafkaBackendProducer producer = producer();
        last().accepted = false;
        runtime.lackMemoryForTimers(1);
        CompletableFuture<SendResult> waiting = sendInTheShortage(producer);
        last().accepted = true;
        pass(Duration.ofSeconds(5));
        pass(Duration.ofMillis(20));
        assertThat(waiting).isCompleted();
    }

    @Test
    void anEndedDriverIsReplacedAlthoughTheNextSweepCouldNotBeScheduled() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        runtime.lackMemoryForTimers(1);
        passThroughTheShortage(Duration.ofSeconds(5));
        last().stuck = true;
        last().ended = true;
        CompletableFuture<SendResult> held = send(producer);
        pass(Duration.ofSeconds(5));
        assertFailed(held, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        assertThat(made).hasSize(2);
    }

    @Test
    void aLookAtHealthIsEnoughForTheSweepToGoOn() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        last().stuck = true;
        CompletableFuture<SendResult> held = send(producer);
        runtime.lackMemoryForTimers(1);
        passThroughTheShortage(Duration.ofSeconds(5));
        last().ended = true;
        assertThat(producer.impediment()).isNotNull();
        pass(Duration.ofSeconds(5));
        assertFailed(held, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
    }

    @Test
    void anotherDriverIsMadeAlthoughThatCouldNotBeScheduled() {
        KafkaBackendProducer producer = producer();
        last().ended = true;
        runtime.lackMemoryForTimers(2); // the opening, and the sweep that comes behind it
        passThroughTheShortage(Duration.ofSeconds(5));
        CompletableFuture<SendResult> waiting = send(producer);
        pass(Reopening.FIRST_PAUSE);
        assertThat(made).hasSize(2);
        last().accepted = true;
        pass(Duration.ofMillis(20));
        assertThat(waiting).isCompleted();
    }

    @Test
    void aDriverForWhichNeitherAThreadNorATimerCouldBeHadIsMadeLater() {
        KafkaBackendProducer producer = producer();
        last().ended = true;
        pass(Duration.ofSeconds(4));
        runtime.lackMemoryForThreads(3); // to close the one, to open the other, and once more
        pass(Duration.ofSeconds(1));
        runtime.lackMemoryForTimers(1);
        passThroughTheShortage(Reopening.FIRST_PAUSE);
        assertThat(made).hasSize(1);
        pass(Duration.ofSeconds(5));
        pass(Reopening.FIRST_PAUSE);
        assertThat(made).hasSize(2);
        assertThat(producer.impediment()).isNull();
    }

    private CompletableFuture<SendResult> sendWithoutMemoryToAwaitItsEnd(KafkaBackendProducer producer) {
        last().accepted = true;
        last().stuck = true;
        runtime.lackMemoryForContinuations(1);
        return producer.send(Message.builder("topic").valueText("value").build(), TIMEOUT);
    }

    @Test
    void aMessageWhoseEndThereWasNoMemoryToAwaitEndsWithTheDriverThatHasIt() {
        KafkaBackendProducer producer = producer();
        CompletableFuture<SendResult> sent = sendWithoutMemoryToAwaitItsEnd(producer);
        last().ended = true;
        pass(Duration.ofSeconds(5));
        assertThat(last().held).isEmpty();
        assertThat(made.get(0).held).hasSize(1);
        assertFailed(sent, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
    }

    @Test
    void aMessageWhoseEndThereWasNoMemoryToAwaitEndsWithTheClose() {
        KafkaBackendProducer producer = producer();
        CompletableFuture<SendResult> sent = sendWithoutMemoryToAwaitItsEnd(producer);
        runtime.holdThreads();
        CompletableFuture<Long> closed = producer.close(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(2));
        assertThat(closed).isCompleted();
        assertThat(sent).isCompletedExceptionally();
    }

    @Test
    void theDriverIsClosedAlthoughTheLimitOfWhatWaitsCouldNotBeScheduled() {
        KafkaBackendProducer producer = producer();
        CompletableFuture<SendResult> waiting = send(producer);
        CompletableFuture<Long> closed = producer.close(Duration.ofSeconds(1));
        runtime.lackMemoryForTimers(1);
        passThroughTheShortage(Duration.ZERO);
        pass(Duration.ofSeconds(2));
        assertThat(last().closed).isTrue();
        assertThat(closed).isCompleted();
        assertFailed(waiting, ErrorCode.PRODUCER_CLOSED);
    }

    @Test
    void aMessageThatTheDriverHasTakenIsNotHandedOverAgainWhenItsTimerCouldNotBeScheduled() {
        KafkaBackendProducer producer = producer();
        CompletableFuture<SendResult> sent = send(producer);
        last().accepted = true;
        last().stuck = true;
        runtime.lackMemoryForTimers(1);
        passThroughTheShortage(Duration.ofMillis(1));
        pass(Duration.ofMillis(20));
        assertThat(last().held).hasSize(1);
        last().held.get(0).delivered(new SendResult("topic", 0, 1, 0, true, true));
        assertThat(sent).isCompleted();
    }
}
