package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.Message;
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
import org.junit.jupiter.api.Test;

/** What is said of the messages of a channel that the broker closes for one of them, in virtual time. */
class LostChannelSimTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(13);
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

    private CompletableFuture<SendResult> send(String topic, Duration timeout) {
        return producer.send(Message.builder(topic).valueText(topic).build(), timeout);
    }

    private static SendOutcome outcomeOf(CompletableFuture<SendResult> send) {
        SendException[] error = {null};
        var unused = send.whenComplete((result, thrown) -> error[0] = (SendException) thrown);
        return Objects.requireNonNull(error[0], "it has not failed").outcome();
    }

    @Test
    void theOnlyOneThatWasWrittenIsTheOneThatWasRefused() {
        producer.start();
        CompletableFuture<SendResult> refused = send("missing", SECOND);
        runtime.advance(SECOND);

        assertThat(outcomeOf(refused)).isEqualTo(SendOutcome.NOT_DELIVERED);
    }

    @Test
    void whatWasStoredIsUnknownAlsoWhenTheRefusedOneHasExpired() {
        producer.start();
        CompletableFuture<SendResult> stored = send("silent", Duration.ofMinutes(1));
        runtime.advance(SECOND);
        ScriptedPublishing channel =
                Objects.requireNonNull(broker.present).channels().get(0);
        channel.block(true);
        CompletableFuture<SendResult> refused = send("missing", SECOND);
        runtime.advance(SECOND.multipliedBy(2));
        assertThat(outcomeOf(refused)).isEqualTo(SendOutcome.UNKNOWN);
        assertThat(stored).isNotDone();
        channel.block(false);
        runtime.advance(SECOND);

        assertThat(broker.stored).containsExactly("silent");
        assertThat(outcomeOf(stored)).isEqualTo(SendOutcome.UNKNOWN);
    }
}
