package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An Error, as when there is no memory left, in one lane of a producer or in what it prepares costs only what it strikes. In virtual time. */
class UntoldProducerSimTest extends SimulatedProducers {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private CompletableFuture<SendResult> deadLetter(RabbitMqProducer producer) {
        return producer.sendDeadLetter(message("ok"), TIMEOUT);
    }

    private RabbitMqProducer preparing() {
        TopologyStep declare = new TopologyStep(
                TopologyStep.Kind.DECLARE, "exchange 'x'", channel -> channel.declareExchange("x", "topic", true));
        TopologyStep check =
                new TopologyStep(TopologyStep.Kind.CHECK, "exchange 'x'", channel -> channel.checkExchange("x"));
        RabbitMqProducer producer = new RabbitMqProducer(
                supervisor,
                runtime,
                new RabbitMqProducer.Settings(
                        "x", true, UnroutablePolicy.FAIL, 1_000, 2_000, System.getLogger("silent")),
                Preparation.of(runtime, "x", List.of(declare, check), true),
                () -> {});
        producer.start();
        return producer;
    }

    private void assertSends(RabbitMqProducer producer) {
        CompletableFuture<SendResult> send = send(producer, "ok");
        runtime.advance(SECOND);
        assertThat(resultOf(send).confirmed()).isTrue();
        assertThat(producer.impediment()).isNull();
    }

    @Test
    void thatTheMessagesCannotBeToldOfTheEndOfAConnectionLeavesTheDeadLettersNoAlarm() {
        RabbitMqProducer producer = producer();
        runtime.advance(SECOND);
        CompletableFuture<SendResult> first = deadLetter(producer);
        runtime.advance(SECOND);
        assertThat(resultOf(first).confirmed()).isTrue();
        present().block(true);
        runtime.advance(SECOND);
        assertThat(producer.impediment()).contains("low on memory");
        broker.withoutClose = 1;
        CompletableFuture<SendResult> waiting = deadLetter(producer);
        loop.execute(() -> present().end(ScriptedBroker.cut("reset")));
        assertThatThrownBy(() -> runtime.advance(SECOND)).hasStackTraceContaining("lack of memory");
        runtime.advance(SECOND);

        assertThat(resultOf(waiting).confirmed()).isTrue();
        assertSends(producer);
    }

    @Test
    void aChannelOfThePreparationThatCannotBeClosedDoesNotKeepTheLaneFromItsOwn() {
        broker.withoutClose = 1;
        RabbitMqProducer producer = preparing();
        runtime.advance(SECOND);
        assertThat(broker.withoutClose).as("did not test: nothing was closed").isZero();

        assertSends(producer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"declare exchange x", "exchange x"})
    void aPreparationThatCannotBeAskedForIsAskedForAgain(String question) {
        broker.unaskable.add(question);
        RabbitMqProducer producer = preparing();
        runtime.advance(SECOND);
        assertThat(broker.unaskable).as("did not test: not asked").isEmpty();

        assertSends(producer);
    }
}
