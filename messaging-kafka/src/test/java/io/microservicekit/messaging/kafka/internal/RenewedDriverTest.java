package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.kafka.internal.shared.PendingSend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

/** A producer whose driver is of no use for a while: refused by the brokers, or not even made. */
class RenewedDriverTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final ManualRuntime runtime = new ManualRuntime();
    private final List<Scripted> made = new ArrayList<>();
    private boolean resolvable = true;
    private Runnable insideMaking = () -> {};

    /** A driver that takes messages once it was accepted, and confirms them at once unless it is stuck. */
    private static final class Scripted {
        private final List<PendingSend> held = new ArrayList<>();
        private boolean refused;
        private boolean accepted;
        private boolean stuck;
        private boolean sent;
        private boolean ended;
        private boolean closed;

        RenewedDriver.Driver driver() {
            return new RenewedDriver.Driver(
                    this::trySend,
                    this::close,
                    new DriverFacts(() -> sent, () -> refused, () -> accepted, () -> ended));
        }

        private boolean trySend(PendingSend send) {
            if (!accepted) {
                return false;
            }
            held.add(send);
            if (!stuck) {
                sent = true;
                send.delivered(new SendResult("topic", 0, held.size(), 0, true, true));
            }
            return true;
        }

        private void close(Duration limit) {
            closed = true;
            held.forEach(
                    send -> send.failed(SendFailures.unauthenticated("topic", new IllegalStateException("closed"))));
        }
    }

    private RenewedDriver.Driver make() {
        insideMaking.run();
        if (!resolvable) {
            throw new BackendUnavailableException(ErrorCode.NO_BROKERS_AVAILABLE, "none of the names can be resolved");
        }
        made.add(new Scripted());
        return made.get(made.size() - 1).driver();
    }

    private Scripted last() {
        return made.get(made.size() - 1);
    }

    private KafkaBackendProducer producer() {
        return new KafkaBackendProducer(
                this::make,
                runtime,
                "producer",
                KafkaBackendProducerTest.limits(Duration.ofSeconds(3)),
                runtime.loop("control"));
    }

    private static CompletableFuture<SendResult> send(KafkaBackendProducer producer) {
        return producer.send(Message.builder("topic").valueText("value").build(), TIMEOUT);
    }

    private void pass(Duration time) {
        runtime.advance(time);
        runtime.runAll();
    }

    @Test
    void aProducerWhoseFirstConnectionWasRefusedSendsOnceItIsAccepted() {
        KafkaBackendProducer producer = producer();
        last().refused = true;
        CompletableFuture<SendResult> first = send(producer);
        CompletableFuture<SendResult> second = send(producer);
        runtime.runAll();
        assertThat(made.get(0).closed).isTrue();
        assertThat(producer.impediment()).contains("refuse its connections");
        assertThat(first).isNotDone();
        pass(Reopening.FIRST_PAUSE);
        assertThat(made).hasSize(2);
        assertThat(producer.impediment()).contains("refuse its connections");
        last().accepted = true;
        pass(Duration.ofMillis(20));
        assertThat(first).isCompletedWithValueMatching(result -> result.offset() == 1);
        assertThat(second).isCompletedWithValueMatching(result -> result.offset() == 2);
        assertThat(producer.impediment()).isNull();
        assertThat(made).hasSize(2);
    }

    /** It may have its producer id, or be stuck: what it counts is the same. */
    @Test
    void theFirstMessageOfAnIdleDriverOfWhichOneConnectionWasRefusedWaitsForTheNextDriver() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        last().refused = true;
        assertThat(producer.impediment()).isNull();
        pass(Duration.ofMinutes(1));
        CompletableFuture<SendResult> first = send(producer);
        runtime.runAll();
        assertThat(first).isNotDone();
        assertThat(made).as("at once").hasSize(2);
        last().accepted = true;
        pass(Duration.ofMillis(20));
        assertThat(first).isCompleted();
        assertThat(made).hasSize(2);
    }

    /** One broker accepts it, another one refuses it, again and again. */
    @Test
    void driversThatAreAcceptedAndRefusedAreReplacedOnceInASecondAtMost() {
        KafkaBackendProducer producer = producer();
        CompletableFuture<SendResult> first = send(producer);
        for (int millis = 0; millis < 5_000; millis += 10) {
            last().accepted = true;
            last().refused = true;
            pass(Duration.ofMillis(10));
        }
        assertThat(first).isNotDone();
        assertThat(made).hasSizeBetween(5, 6);
    }

    @Test
    void aDriverThatHoldsAMessageIsReplacedOnlyWhenItHasNotSentItInTime() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        last().stuck = true;
        CompletableFuture<SendResult> swallowed = send(producer);
        last().refused = true;
        pass(Duration.ofSeconds(3));
        CompletableFuture<SendResult> another = send(producer);
        assertThat(made.get(0).closed).isFalse();
        pass(Duration.ofNanos(1));
        CompletableFuture<SendResult> waiting = send(producer);
        runtime.runAll();
        assertFailed(swallowed, ErrorCode.AUTHENTICATION);
        assertFailed(another, ErrorCode.AUTHENTICATION);
        pass(Reopening.FIRST_PAUSE);
        last().accepted = true;
        pass(Duration.ofMillis(20));
        assertThat(waiting).isCompleted();
    }

    @Test
    void aDriverThatIsRefusedAgainIsReplacedAfterEverLongerPausesAlsoWhenOnlyHealthAsks() {
        KafkaBackendProducer producer = producer();
        Duration pause = Reopening.FIRST_PAUSE;
        for (int number = 1; number <= 8; number++) {
            last().refused = true;
            assertThat(producer.impediment()).contains("refuse its connections");
            pass(pause.minusNanos(1));
            assertThat(made).hasSize(number);
            pass(Duration.ofNanos(1));
            assertThat(made).hasSize(number + 1);
            pause = pause.multipliedBy(2).compareTo(Reopening.LONGEST_PAUSE) < 0
                    ? pause.multipliedBy(2)
                    : Reopening.LONGEST_PAUSE;
        }
    }

    @Test
    void aDriverThatHasSentIsKeptWhateverItsConnectionsMeetLater() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        assertThat(send(producer)).isCompleted();
        last().refused = true;
        last().stuck = true;
        CompletableFuture<SendResult> held = send(producer);
        pass(Duration.ofSeconds(16));
        assertThat(made).hasSize(1);
        assertThat(held).isNotDone();
        assertThat(producer.impediment()).isNull();
    }

    /** As by an OutOfMemoryError. */
    @Test
    void aDriverWhoseThreadHasEndedIsReplacedAndWhatItHeldIsUnknownBefore() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        assertThat(send(producer)).isCompleted();
        last().stuck = true;
        last().ended = true;
        CompletableFuture<SendResult> held = send(producer);
        assertThat(producer.impediment()).contains("was ended by an error");
        List<Integer> made = new ArrayList<>();
        var unused = held.whenComplete((result, error) -> made.add(this.made.size()));
        pass(Duration.ofSeconds(5));
        assertThat(held)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.SEND_MESSAGE);
                    assertThat(error.outcome()).isEqualTo(SendOutcome.UNKNOWN);
                })
                .withMessageContaining("was ended by an error");
        assertThat(made).as("drivers when it ended").containsExactly(1);
        assertThat(this.made).hasSize(2);
        assertThat(this.made.get(0).closed).isTrue();
        assertThat(producer.impediment()).isNull();
        last().accepted = true;
        assertThat(send(producer)).isCompleted();
    }

    @Test
    void whatIsSentUntilAnotherDriverIsThereWaitsInItsOrder() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        assertThat(send(producer)).isCompleted();
        last().ended = true;
        resolvable = false;
        pass(Duration.ofSeconds(5));
        assertThat(producer.impediment()).isNotNull();
        CompletableFuture<SendResult> first = send(producer);
        CompletableFuture<SendResult> second = send(producer);
        resolvable = true;
        pass(Duration.ofSeconds(2));
        last().accepted = true;
        pass(Duration.ofMillis(20));
        assertThat(first).isCompletedWithValueMatching(result -> result.offset() == 1);
        assertThat(second).isCompletedWithValueMatching(result -> result.offset() == 2);
    }

    /** What ended a driver may well keep the next one from being made for a while. */
    @Test
    void aDriverIsMadeOnceThereIsMemoryForItAndItsThreads() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        assertThat(send(producer)).isCompleted();
        last().ended = true;
        runtime.lackMemoryForThreads(3);
        int[] left = {2};
        insideMaking = () -> {
            if (left[0]-- > 0) {
                throw new OutOfMemoryError("planted");
            }
        };
        pass(Duration.ofSeconds(5));
        CompletableFuture<SendResult> waiting = send(producer);
        for (int second = 0; second < 10; second++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(made).hasSize(2);
        last().accepted = true;
        pass(Duration.ofMillis(20));
        assertThat(waiting).isCompleted();
    }

    @Test
    void aMessageThatWaitsForADriverInVainIsNotDeliveredAndSaysWhy() {
        KafkaBackendProducer producer = producer();
        last().refused = true;
        CompletableFuture<SendResult> waiting = send(producer);
        runtime.runAll();
        resolvable = false;
        pass(Reopening.FIRST_PAUSE);
        pass(TIMEOUT);
        assertFailed(waiting, ErrorCode.TIMEOUT)
                .withMessageContaining("none of the names can be resolved")
                .withMessageContaining("It was not delivered");
    }

    @Test
    void aProducerIsMadeAlsoWhileNoBrokerCanBeResolvedAndSendsInOrderLater() {
        resolvable = false;
        KafkaBackendProducer producer = producer();
        CompletableFuture<SendResult> first = send(producer);
        CompletableFuture<SendResult> second = send(producer);
        pass(Duration.ofMillis(1_500));
        assertThat(producer.impediment()).contains("none of the names can be resolved");
        assertThat(first).isNotDone();
        resolvable = true;
        pass(Duration.ofSeconds(2));
        last().accepted = true;
        pass(Duration.ofMillis(20));
        assertThat(producer.impediment()).isNull();
        assertThat(first).isCompletedWithValueMatching(result -> result.offset() == 1);
        assertThat(second).isCompletedWithValueMatching(result -> result.offset() == 2);
    }

    @Test
    void aDriverThatIsMadeWhileItsProducerClosesIsClosed() {
        resolvable = false;
        KafkaBackendProducer producer = producer();
        CompletableFuture<SendResult> waiting = send(producer);
        resolvable = true;
        List<CompletableFuture<Long>> closed = new ArrayList<>();
        insideMaking = () -> {
            closed.add(producer.close(LIMIT));
            runtime.runAll();
            pass(LIMIT);
            pass(Duration.ofMillis(200));
        };
        pass(Reopening.FIRST_PAUSE);
        assertThat(closed.get(0)).isCompletedWithValue(1L);
        assertThat(last().closed).isTrue();
        assertFailed(waiting, ErrorCode.PRODUCER_CLOSED);
    }

    @Test
    void noDriverIsMadeForAClosedProducer() {
        resolvable = false;
        KafkaBackendProducer producer = producer();
        CompletableFuture<Long> closed = producer.close(LIMIT);
        runtime.runAll();
        resolvable = true;
        pass(Duration.ofMinutes(1));
        assertThat(closed).isCompletedWithValue(0L);
        assertThat(made).isEmpty();
    }

    @Test
    void aDriverIsEndedAlsoWhenTheThreadsOfTheClientAreGone() {
        KafkaBackendProducer producer = producer();
        last().refused = true;
        runtime.endThreads();
        assertThat(send(producer)).isNotDone();
        assertThat(last().closed).isTrue();
    }

    @Test
    void aDriverThatRefusesItsSettingsFailsAtOnce() {
        insideMaking = () -> {
            throw new InvalidConfigurationException(ErrorCode.CREATE_PRODUCER, "planted");
        };
        assertThatThrownBy(this::producer).isInstanceOf(InvalidConfigurationException.class);
    }

    private static ThrowableAssertAlternative<?> assertFailed(CompletableFuture<?> sent, ErrorCode code) {
        return assertThat(sent)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
                });
    }
}
