package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a producer makes of headers that somebody else has written, in virtual time on a scripted broker. */
class DeadLetterHeadersSimTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(12);
    private final Loop loop = runtime.loop("publishing");
    private final ScriptedBroker broker = new ScriptedBroker(runtime, loop);
    private final RabbitMqProducer producer = new RabbitMqProducer(
            new ConnectionSupervisor(broker, runtime, loop, "test-publish", System.getLogger("silent")),
            runtime,
            new RabbitMqProducer.Settings("x", true, UnroutablePolicy.FAIL, 1_000, 2_000, System.getLogger("silent")));

    @AfterEach
    void end() {
        runtime.close();
    }

    @Test
    void aDeadLetterIsWrittenAlsoWithAHeaderThatASendRefuses() {
        producer.start();
        Message foreign =
                Message.builder("ok-dlq").valueText("v").header("CC", "others").build();
        CompletableFuture<SendResult> sent = producer.send(foreign, TIMEOUT);
        CompletableFuture<SendResult> dead = producer.sendDeadLetter(foreign, TIMEOUT);
        runtime.advance(Duration.ofMillis(100));

        assertThat(producer.refusal(foreign))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED_HEADER));
        assertThat(sent).isCompletedExceptionally();
        assertThat(producer.deadLetterRefusal(foreign)).isNull();
        assertThat(dead).isCompletedWithValueMatching(SendResult::confirmed);
        assertThat(broker.headers).containsExactly("x-original-CC");
    }
}
