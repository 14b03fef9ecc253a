package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** A producer whose driver's thread was ended by an error, as by an OutOfMemoryError. */
class EndedDriverTest extends ScriptedDrivers {
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
    void aSendThatIsHandedToADeadDriverWhileThatOneIsTakenOutEndsAtOnce() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        assertThat(send(producer)).isCompleted();
        Scripted dead = last();
        dead.stuck = true;
        dead.ended = true;
        dead.insideClose = dead.held::clear;
        dead.insideSend = () -> pass(Duration.ofSeconds(5));
        CompletableFuture<SendResult> handed = send(producer);
        assertThat(made).hasSize(2);
        assertFailed(handed, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN)
                .withMessageContaining("was ended by an error");
    }

    /** Without SASL and TLS the driver does not count that a broker has accepted it. */
    @Test
    void aDriverWhoseThreadHasEndedIsReplacedSoonHoweverOftenThatWasSo() {
        KafkaBackendProducer unused = producer();
        for (int number = 1; number <= 8; number++) {
            pass(Duration.ofSeconds(20));
            last().ended = true;
            for (int second = 0; second < 6; second++) {
                pass(Duration.ofSeconds(1));
            }
            assertThat(made).hasSize(number + 1);
        }
    }

    @Test
    void whatClosingADeadDriverThrowsKeepsTheNextOneFromNothing() {
        KafkaBackendProducer unused = producer();
        last().accepted = true;
        last().ended = true;
        last().insideClose = () -> {
            throw new KafkaException("Failed to close kafka producer", new OutOfMemoryError("planted"));
        };
        runtime.lackMemoryForThreads(1);
        pass(Duration.ofSeconds(5));
        assertThat(made.get(0).closed).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(made).hasSize(2);
    }

    @Test
    void whateverKeepsADriverFromBeingMadeMayBeGoneLater() {
        KafkaBackendProducer producer = producer();
        last().ended = true;
        int[] left = {2};
        insideMaking = () -> {
            if (left[0]-- > 0) {
                throw new IllegalStateException("planted");
            }
        };
        for (int second = 0; second < 10; second++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(made).hasSize(2);
        assertThat(producer.impediment()).isNull();
    }

    /** Its thread has ended in order. */
    @Test
    void aClosedProducerDoesNotSayThatAnErrorHasEndedItsDriver() {
        KafkaBackendProducer producer = producer();
        last().accepted = true;
        var unused = producer.close(LIMIT);
        runtime.runAll();
        last().ended = true;
        assertThat(producer.impediment()).isNull();
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
}
