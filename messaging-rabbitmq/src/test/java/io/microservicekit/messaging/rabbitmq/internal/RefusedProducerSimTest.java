package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A producer outlives every refusal to connect: its sends end at once meanwhile, and it works again by itself. */
class RefusedProducerSimTest extends SimulatedProducers {
    @Test
    void whileConnectingIsRefusedAgainAndAgainEachSendEndsAtOnceAndThenAllIsWellByItself() {
        broker.refuse(ScriptedBroker.brokerSays(530, "NOT_ALLOWED - vhost v not found"), 20);
        RabbitMqProducer producer = producer();
        CompletableFuture<SendResult> waiting = producer.send(message("ok"), Duration.ofMinutes(1));
        runtime.advance(Duration.ofSeconds(3));
        assertEnded(waiting, ErrorCode.TOPOLOGY_MISMATCH, SendOutcome.NOT_DELIVERED);
        assertThat(producer.impediment()).contains("TOPOLOGY_MISMATCH", "vhost v not found");

        CompletableFuture<SendResult> later = send(producer, "ok");
        CompletableFuture<SendResult> deadLetter = producer.sendDeadLetter(message("ok-dead"), Duration.ofMinutes(1));
        runtime.settle();
        assertEnded(later, ErrorCode.TOPOLOGY_MISMATCH, SendOutcome.NOT_DELIVERED);
        assertEnded(deadLetter, ErrorCode.TOPOLOGY_MISMATCH, SendOutcome.NOT_DELIVERED);
        assertThat(errorOf(later)).hasMessageContaining("Attempts go on").hasMessageContaining("can be sent again");

        runtime.advance(Duration.ofMinutes(4));
        assertThat(producer.impediment()).isNull();
        CompletableFuture<SendResult> mended = send(producer, "ok");
        CompletableFuture<SendResult> mendedDeadLetter =
                producer.sendDeadLetter(message("ok-dead"), Duration.ofMinutes(1));
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(mended).confirmed()).isTrue();
        assertThat(resultOf(mendedDeadLetter).confirmed()).isTrue();
    }

    @Test
    void aReasonThatHoldsNoLongerIsNotTold() {
        broker.refuse(ScriptedBroker.brokerSays(530, "NOT_ALLOWED - vhost v not found"), 3);
        broker.refuse(ScriptedBroker.cut("Connection refused"), 4);
        RabbitMqProducer producer = producer();
        runtime.advance(Duration.ofSeconds(2));
        assertThat(producer.impediment()).contains("vhost v not found");
        runtime.advance(Duration.ofSeconds(6));
        assertThat(producer.impediment()).isNull();
        assertThat(supervisor.impediment()).contains("Connection refused");

        CompletableFuture<SendResult> late = send(producer, "ok");
        CompletableFuture<SendResult> waiting = producer.send(message("ok"), Duration.ofMinutes(1));
        runtime.advance(TIMEOUT);
        assertEnded(late, ErrorCode.TIMEOUT, SendOutcome.NOT_DELIVERED);
        assertThat(errorOf(late)).hasMessageContaining("Connection refused");
        runtime.advance(Duration.ofSeconds(58));
        assertThat(resultOf(waiting).confirmed()).isTrue();
    }

    @Test
    void aVirtualHostThatIsAwayForAWhileIsNoEndOfAProducer() {
        RabbitMqProducer producer = producer();
        runtime.advance(Duration.ofMillis(100));
        broker.refuse(ScriptedBroker.brokerSays(530, "NOT_ALLOWED - vhost v not found"), 8);
        present().end(ScriptedBroker.brokerSays(320, "CONNECTION_FORCED - vhost 'v' is deleted"));
        runtime.advance(Duration.ofSeconds(5));
        assertThat(producer.impediment()).contains("vhost v not found");
        runtime.advance(Duration.ofSeconds(60));

        CompletableFuture<SendResult> send = send(producer, "ok");
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(send).confirmed()).isTrue();
    }

    @Test
    void theSameEndOfItsConnectionAgainAndAgainLeavesItNoDeadChannel() {
        Closure refused = new Closure(Closure.Kind.DRIVER, 0, "Message body is too large (70)", true, null);
        RabbitMqProducer producer = producer();
        runtime.advance(Duration.ofMillis(100));
        CompletableFuture<SendResult> deadLetter = producer.sendDeadLetter(message("ok-dead"), TIMEOUT);
        runtime.advance(Duration.ofMillis(100));
        assertThat(resultOf(deadLetter).confirmed()).isTrue();
        for (int end = 0; end < 3; end++) {
            CompletableFuture<SendResult> written = producer.send(message("silent"), Duration.ofMinutes(1));
            runtime.advance(Duration.ofMillis(100));
            present().end(refused);
            runtime.settle();
            assertEnded(written, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
            runtime.advance(Duration.ofSeconds(13));
        }
        assertThat(producer.impediment()).isNull();

        CompletableFuture<SendResult> send = send(producer, "ok");
        CompletableFuture<SendResult> nextDeadLetter = producer.sendDeadLetter(message("ok-dead"), TIMEOUT);
        runtime.advance(Duration.ofSeconds(5));
        assertThat(resultOf(send).confirmed()).isTrue();
        assertThat(resultOf(nextDeadLetter).confirmed()).isTrue();
    }
}
