package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A producer whose driver is of no use for a while: refused by the brokers, or not even made. */
class RenewedDriverTest extends ScriptedDrivers {
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

    @Test
    void aDriverThatWasThereForLongIsReplacedAtOnceHoweverManyWereRefusedBefore() {
        KafkaBackendProducer producer = producer();
        Duration pause = Reopening.FIRST_PAUSE;
        for (int number = 1; number <= 6; number++) {
            last().refused = true;
            assertThat(producer.impediment()).isNotNull();
            pass(pause);
            pause = Reopening.longer(pause);
        }
        assertThat(made).hasSize(7);
        pass(Reopening.LONGEST_PAUSE.plusNanos(1));
        last().refused = true;
        assertThat(producer.impediment()).isNotNull();
        pass(Duration.ZERO);
        assertThat(made).hasSize(8);
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
}
