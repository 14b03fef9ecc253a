package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of single sends, in virtual time on a scripted broker. */
class ProducerSimTest extends SimulatedProducers {
    @Test
    void anErrorWhileOneIsWrittenKeepsNothingFromTheNext() {
        RabbitMqProducer producer = producer();
        CompletableFuture<SendResult> deep = send(producer, "deep");
        CompletableFuture<SendResult> next = send(producer, "ok");
        runtime.advance(Duration.ofSeconds(1));

        assertEnded(deep, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        assertThat(resultOf(next).confirmed()).isTrue();
    }

    @Test
    void aConfirmedMessageIsDeliveredConfirmedAndRouted() {
        CompletableFuture<SendResult> send = send(producer(), "ok");
        runtime.advance(Duration.ofMillis(100));
        SendResult result = resultOf(send);
        assertThat(result.confirmed()).isTrue();
        assertThat(result.routed()).isTrue();
        assertThat(result.partition()).isEqualTo(-1);
        assertThat(result.offset()).isEqualTo(-1);
        assertThat(result.timestampMillis()).isEqualTo(runtime.clock().millis() - 100);
    }

    @Test
    void confirmationsAreNotWaitedForOneByOne() {
        RabbitMqProducer producer = producer();
        broker.answering = false;
        for (int i = 0; i < 500; i++) {
            justSend(producer, "ok" + i);
        }
        runtime.advance(Duration.ofMillis(100));
        assertThat(broker.stored).hasSize(500);
    }

    @Test
    void anUnroutableMessageThatIsAllowedIsDeliveredAndSaysSo() {
        CompletableFuture<SendResult> send = send(producer(true, UnroutablePolicy.WARN), "nobody");
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(send).confirmed()).isTrue();
        assertThat(resultOf(send).routed()).isFalse();
    }

    @Test
    void anUnroutableMessageNamesTheWayOut() {
        CompletableFuture<SendResult> send = send(producer(), "nobody");
        runtime.advance(Duration.ofMillis(100));
        assertEnded(send, ErrorCode.UNROUTABLE, SendOutcome.NOT_DELIVERED);
        assertThat(errorOf(send)).hasMessageContaining("'nobody'").hasMessageContaining("subscribe before sending");
    }

    @Test
    void withoutConfirmationsAMessageIsDoneOnceItIsWritten() {
        broker.answering = false;
        CompletableFuture<SendResult> send = send(producer(false, UnroutablePolicy.FAIL), "ok");
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(send).confirmed()).isFalse();
        assertThat(broker.stored).containsExactly("ok");
    }

    @Test
    void aDeadLetterIsConfirmedAndRoutedAlsoWithoutConfirmations() {
        RabbitMqProducer producer = producer(false, UnroutablePolicy.WARN);
        CompletableFuture<SendResult> kept = producer.sendDeadLetter(message("ok-dlq"), TIMEOUT);
        CompletableFuture<SendResult> homeless = producer.sendDeadLetter(message("nobody-dlq"), TIMEOUT);
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(kept).confirmed()).isTrue();
        assertEnded(homeless, ErrorCode.UNROUTABLE, SendOutcome.NOT_DELIVERED);
        assertThat(errorOf(homeless))
                .hasMessageContaining("default exchange")
                .hasMessageContaining("queue of that name");
    }

    @Test
    void deadLettersHaveAChannelOfTheirOwnOnceThereAreSome() {
        RabbitMqProducer producer = producer();
        justSend(producer, "ok");
        runtime.advance(Duration.ofMillis(100));
        assertThat(present().channels()).hasSize(1);
        var unused = producer.sendDeadLetter(message("ok-dlq"), TIMEOUT);
        runtime.advance(Duration.ofMillis(100));
        assertThat(present().channels()).hasSize(2);
    }

    @Test
    void whileTheBrokerIsBlockedNothingIsWrittenAndWhatWaitsIsNotDelivered() {
        RabbitMqProducer producer = producer();
        runtime.advance(Duration.ofMillis(50));
        present().block(true);
        runtime.settle();
        CompletableFuture<SendResult> send = send(producer, "ok");
        runtime.advance(TIMEOUT.minusMillis(1));
        assertThat(send).isNotDone();
        runtime.advance(Duration.ofMillis(6));

        assertEnded(send, ErrorCode.TIMEOUT, SendOutcome.NOT_DELIVERED);
        assertThat(errorOf(send)).hasMessageContaining("low on memory");
        present().block(false);
        runtime.advance(Duration.ofSeconds(1));
        assertThat(broker.stored).isEmpty();
    }

    @Test
    void anAlarmIsAnImpedimentUntilItIsOverOrItsConnectionIsGone() {
        RabbitMqProducer producer = producer();
        runtime.advance(Duration.ofMillis(50));
        assertThat(producer.impediment()).isNull();
        for (Runnable over :
                List.<Runnable>of(() -> present().block(false), () -> present().end(ScriptedBroker.cut("reset")))) {
            present().block(true);
            runtime.settle();
            assertThat(producer.impediment()).contains("takes no messages", "low on memory");
            over.run();
            runtime.settle();
            assertThat(producer.impediment()).isNull();
        }
    }

    @Test
    void aProducerThatJoinsDuringAnAlarmIsImpededToo() {
        justSend(producer(), "ok");
        runtime.advance(Duration.ofMillis(50));
        present().block(true);
        runtime.settle();
        RabbitMqProducer second = producer();
        runtime.advance(Duration.ofMillis(50));
        assertThat(second.impediment()).contains("low on memory");
    }

    /** A broker that blocks a connection does not read that a channel is asked for, and each question would leave one behind. */
    @Test
    void duringAnAlarmNoChannelIsAskedFor() {
        justSend(producer(), "ok");
        runtime.advance(Duration.ofMillis(50));
        present().block(true);
        runtime.settle();
        RabbitMqProducer second = producer();
        CompletableFuture<SendResult> send = send(second, "ok");
        runtime.advance(Duration.ofSeconds(1));
        assertThat(broker.channelsAsked).isEqualTo(1);
        present().block(false);
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(send).confirmed()).isTrue();
    }

    /** Whose end of each makes it try at once, and plant a further timer each time. */
    @Test
    void alarmsThatComeAndGoMakeNoChannelAskedForMoreOften() {
        RabbitMqProducer producer = producer();
        runtime.advance(Duration.ofMillis(50));
        broker.withoutChannel = Integer.MAX_VALUE;
        present().channels().get(0).end(ScriptedBroker.brokerSays(404, "NOT_FOUND"));
        runtime.advance(Duration.ofMinutes(1));
        for (int i = 0; i < 20; i++) {
            present().block(true);
            runtime.advance(Duration.ofMillis(10));
            present().block(false);
            runtime.advance(Duration.ofMillis(10));
        }
        int before = broker.channelsAsked;
        runtime.advance(Duration.ofMinutes(1));
        assertThat(broker.channelsAsked - before).isBetween(1, 10);
        broker.withoutChannel = 0;
        runtime.advance(Duration.ofSeconds(15));
        CompletableFuture<SendResult> send = send(producer, "ok");
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(send).confirmed()).isTrue();
    }

    @Test
    void aChannelThatCannotBeAskedForIsAskedForAgain() {
        broker.withoutChannel = 1;
        CompletableFuture<SendResult> send = send(producer(), "ok");
        runtime.advance(Duration.ofSeconds(2));
        assertThat(resultOf(send).confirmed()).isTrue();
        assertThat(broker.channelsAsked).isEqualTo(2);
    }

    @Test
    void whatWaitedForTheBrokerGoesOnAfterTheAlarm() {
        RabbitMqProducer producer = producer();
        runtime.advance(Duration.ofMillis(50));
        present().block(true);
        runtime.settle();
        CompletableFuture<SendResult> send = send(producer, "ok");
        runtime.advance(Duration.ofSeconds(1));
        present().block(false);
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(send).confirmed()).isTrue();
    }

    @Test
    void aMessageWithoutAnAnswerIsUnknownAtItsTimeout() {
        CompletableFuture<SendResult> send = send(producer(), "silent");
        runtime.advance(TIMEOUT.plusMillis(5));
        assertEnded(send, ErrorCode.TIMEOUT, SendOutcome.UNKNOWN);
    }

    @Test
    void withoutABrokerAMessageIsNotDeliveredAtItsTimeoutAndSaysWhy() {
        broker.refuse(ScriptedBroker.cut("host:5672: ConnectException: Connection refused"), 100);
        CompletableFuture<SendResult> send = send(producer(), "ok");
        runtime.advance(TIMEOUT.plusMillis(5));
        assertEnded(send, ErrorCode.TIMEOUT, SendOutcome.NOT_DELIVERED);
        assertThat(errorOf(send)).hasMessageContaining("Connection refused");
    }

    @Test
    void whatIsWrittenWhenTheConnectionIsLostIsUnknownAndWhatWaitsGoesOn() {
        RabbitMqProducer producer = producer();
        broker.answering = false;
        CompletableFuture<SendResult> written = send(producer, "ok-1");
        runtime.advance(Duration.ofMillis(50));
        present().end(ScriptedBroker.brokerSays(320, "CONNECTION_FORCED - bye"));
        runtime.settle();
        broker.answering = true;
        CompletableFuture<SendResult> waiting = send(producer, "ok-2");
        assertEnded(written, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        assertThat(errorOf(written)).hasMessageContaining("320 CONNECTION_FORCED");

        runtime.advance(Duration.ofSeconds(1));
        assertThat(resultOf(waiting).confirmed()).isTrue();
    }

    @Test
    void aReturnedMessageIsNotDeliveredAlsoWhenItsConfirmationIsLost() {
        RabbitMqProducer producer = producer();
        broker.answering = false;
        CompletableFuture<SendResult> send = send(producer, "nobody");
        runtime.advance(Duration.ofMillis(50));
        present().end(ScriptedBroker.cut("reset"));
        runtime.settle();
        assertEnded(send, ErrorCode.UNROUTABLE, SendOutcome.NOT_DELIVERED);
    }

    @Test
    void aMissingExchangeIsNamedWithTheRemedyAndTheProducerGoesOn() {
        RabbitMqProducer producer = producer();
        CompletableFuture<SendResult> refused = send(producer, "missing");
        runtime.advance(Duration.ofMillis(100));
        assertEnded(refused, ErrorCode.TOPOLOGY_MISMATCH, SendOutcome.NOT_DELIVERED);
        assertThat(errorOf(refused)).hasMessageContaining("exchange 'x'").hasMessageContaining("CREATE");

        CompletableFuture<SendResult> next = send(producer, "ok");
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(next).confirmed()).isTrue();
    }

    @Test
    void afterARefusalOneMessageAtATimeIsWrittenUntilOneIsAnswered() {
        RabbitMqProducer producer = producer();
        justSend(producer, "missing-1");
        runtime.advance(Duration.ofMillis(100));
        broker.answering = false;
        justSend(producer, "ok-1");
        justSend(producer, "ok-2");
        runtime.advance(Duration.ofMillis(100));
        assertThat(broker.stored).containsExactly("ok-1");
        broker.answering = true;
        justSend(producer, "missing-2");
        runtime.advance(Duration.ofSeconds(3));
        assertThat(broker.stored).startsWith("ok-1");
    }

    @Test
    void aMessageThatTheDriverCountedAndDidNotWriteShiftsNoConfirmation() {
        RabbitMqProducer producer = producer();
        CompletableFuture<SendResult> before = send(producer, "ok-1");
        CompletableFuture<SendResult> counted = send(producer, "unencodable");
        CompletableFuture<SendResult> after = send(producer, "full");
        runtime.advance(Duration.ofSeconds(1));
        assertThat(before).isDone();
        assertEnded(counted, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        assertEnded(after, ErrorCode.SEND_MESSAGE, SendOutcome.NOT_DELIVERED);
    }

    @Test
    void aCloseFlushesWhatWaits() {
        RabbitMqProducer producer = producer();
        CompletableFuture<SendResult> send = send(producer, "ok");
        CompletableFuture<Long> closed = producer.close(Duration.ofSeconds(1));
        runtime.advance(Duration.ofMillis(200));
        assertThat(resultOf(send).confirmed()).isTrue();
        assertThat(closed).isCompletedWithValue(0L);
        assertEnded(send(producer, "ok"), ErrorCode.PRODUCER_CLOSED, SendOutcome.NOT_DELIVERED);
    }

    @Test
    void atTheLimitOfACloseWhatWaitsIsNotDeliveredAndWhatIsWrittenUnknown() {
        RabbitMqProducer producer = producer();
        CompletableFuture<SendResult> written = send(producer, "silent");
        runtime.advance(Duration.ofMillis(50));
        present().block(true);
        runtime.settle();
        CompletableFuture<SendResult> waiting = send(producer, "ok");
        CompletableFuture<Long> closed = producer.close(Duration.ofSeconds(1));
        runtime.advance(Duration.ofMillis(999));
        assertThat(closed).isNotDone();
        runtime.advance(Duration.ofMillis(1));

        assertThat(closed).isCompletedWithValue(2L);
        assertEnded(written, ErrorCode.PRODUCER_CLOSED, SendOutcome.UNKNOWN);
        assertEnded(waiting, ErrorCode.PRODUCER_CLOSED, SendOutcome.NOT_DELIVERED);
    }

    @Test
    void aSecondCloseMayEndItEarlier() {
        RabbitMqProducer producer = producer();
        justSend(producer, "silent");
        runtime.advance(Duration.ofMillis(50));
        CompletableFuture<Long> closed = producer.close(Duration.ofMinutes(1));
        runtime.settle();
        assertThat(producer.close(Duration.ofMillis(100))).isSameAs(closed);
        runtime.advance(Duration.ofMillis(100));
        assertThat(closed).isCompletedWithValue(1L);
    }

    @Test
    void aContinuationThatThrowsHarmsNobody() {
        RabbitMqProducer producer = producer();
        var unused = send(producer, "ok-1").thenAccept(result -> {
            throw new IllegalStateException("planted");
        });
        CompletableFuture<SendResult> other = send(producer, "ok-2");
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(other).confirmed()).isTrue();
    }

    @Test
    void whatIsSentToAClosedChannelIsNotAttributedToTheNextOne() {
        RabbitMqProducer producer = producer();
        broker.answering = false;
        CompletableFuture<SendResult> old = send(producer, "full");
        runtime.advance(Duration.ofMillis(50));
        ScriptedPublishing channel = present().channels().get(0);
        channel.end(new Closure(Closure.Kind.BROKER, 541, "INTERNAL_ERROR", false, null));
        runtime.settle();
        CompletableFuture<SendResult> next = send(producer, "silent");
        runtime.advance(Duration.ofMillis(100));
        channel.answerLate(1);
        runtime.settle();

        assertEnded(old, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        assertThat(next).isNotDone();
    }
}
