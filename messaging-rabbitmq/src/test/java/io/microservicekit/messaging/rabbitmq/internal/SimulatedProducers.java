package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

/** Producers on a scripted broker, in simulated time. */
abstract class SimulatedProducers {
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    final SimulatedRuntime runtime = SimulatedRuntime.seeded(11);
    final Loop loop = runtime.loop("publishing");
    final ScriptedBroker broker = new ScriptedBroker(runtime, loop);
    final ConnectionSupervisor supervisor =
            new ConnectionSupervisor(broker, runtime, loop, "test-publish", System.getLogger("silent"));

    @AfterEach
    void end() {
        runtime.close();
    }

    RabbitMqProducer producer(boolean confirms, UnroutablePolicy unroutable) {
        RabbitMqProducer producer = new RabbitMqProducer(
                supervisor,
                runtime,
                new RabbitMqProducer.Settings("x", confirms, unroutable, 1_000, 2_000, System.getLogger("silent")));
        producer.start();
        return producer;
    }

    RabbitMqProducer producer() {
        return producer(true, UnroutablePolicy.FAIL);
    }

    CompletableFuture<SendResult> send(RabbitMqProducer producer, String topic) {
        return producer.send(message(topic), TIMEOUT);
    }

    static Message message(String topic) {
        return Message.builder(topic).valueText(topic).build();
    }

    void justSend(RabbitMqProducer producer, String topic) {
        var unused = send(producer, topic);
    }

    static SendResult resultOf(CompletableFuture<SendResult> send) {
        assertThat(send).isCompleted();
        return send.join();
    }

    static MessagingException errorOf(CompletableFuture<SendResult> send) {
        MessagingException[] error = {null};
        var unused = send.whenComplete((result, thrown) -> error[0] = (MessagingException) thrown);
        return Objects.requireNonNull(error[0], "it has not failed");
    }

    static void assertEnded(CompletableFuture<SendResult> send, ErrorCode code, SendOutcome outcome) {
        MessagingException error = errorOf(send);
        assertThat(error.code()).as(error.getMessage()).isEqualTo(code);
        assertThat(((SendException) error).outcome()).as(error.getMessage()).isEqualTo(outcome);
    }

    ScriptedBroker.Connection present() {
        return Objects.requireNonNull(broker.present, "not connected");
    }
}
