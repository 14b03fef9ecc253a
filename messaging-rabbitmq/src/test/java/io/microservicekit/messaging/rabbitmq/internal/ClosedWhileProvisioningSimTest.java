package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.rabbitmq.internal.topology.Provisioning;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whoever waits for {@code provision} or {@code unbind} is not left waiting by the end of the client. */
class ClosedWhileProvisioningSimTest extends SimulatedProducers {
    private CompletableFuture<Void> provision(String queue) {
        return new Provisioning(
                        new BackendContext(
                                "client",
                                runtime,
                                System.getLogger("silent"),
                                new MessagingObserver() {},
                                Duration.ofHours(1)),
                        supervisor,
                        "Provisioning group '" + queue + "'",
                        true,
                        presence -> List.of(new TopologyStep(
                                TopologyStep.Kind.DECLARE,
                                "queue '" + queue + "'",
                                channel -> channel.declareQueue(queue, true, Map.of()))))
                .begin();
    }

    private void close() {
        var unused = supervisor.close(Duration.ZERO);
        runtime.advance(Duration.ofMillis(10));
    }

    private static void assertClosed(CompletableFuture<Void> provisioning) {
        assertThat(provisioning)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        ClosedException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.CLIENT_CLOSED))
                .withMessageStartingWith("Provisioning group 'p' failed: the client was closed");
    }

    @Test
    void whatHasNoConnectionEndsWithTheClient() {
        broker.refuse(ScriptedBroker.cut("connection refused"), 100);
        CompletableFuture<Void> provisioning = provision("p");
        runtime.advance(Duration.ofSeconds(5));
        assertThat(provisioning).isNotDone();
        close();

        assertClosed(provisioning);
    }

    @Test
    void whatIsNotAnsweredEndsWithTheClient() {
        broker.silentQuestions.add("declare queue p");
        CompletableFuture<Void> provisioning = provision("p");
        runtime.advance(Duration.ofSeconds(1));
        assertThat(broker.asked).as("did not test: not asked").contains("declare queue p");
        close();

        assertClosed(provisioning);
    }

    /** What ends last could let another have its turn. */
    @Test
    void nobodyHasItsTurnInTheMiddleOfTheClose() {
        broker.silentQuestions.add("declare queue q");
        broker.refusedEach.put("declare queue p", ScriptedBroker.brokerSays(541, "INTERNAL_ERROR"));
        CompletableFuture<Void> first = provision("p");
        CompletableFuture<Void> second = provision("q");
        while (broker.attempts < 2) {
            runtime.advance(Duration.ofMillis(1));
        }
        broker.refusedEach.clear();
        broker.silentQuestions.add("declare queue p");
        runtime.advance(Duration.ofSeconds(1));
        broker.asked.clear();
        close();

        assertClosed(first);
        assertThat(second).isCompletedExceptionally();
        assertThat(broker.asked).isEmpty();
    }

    @Test
    void whatIsBegunWhileTheClientClosesEndsAtOnce() {
        justSend(producer(), "ok");
        runtime.advance(Duration.ofSeconds(1));
        present().neverCloses = true;
        var unused = supervisor.close(Duration.ofSeconds(5));
        runtime.advance(Duration.ofSeconds(1));
        CompletableFuture<Void> provisioning = provision("p");
        runtime.advance(Duration.ofMillis(10));

        assertClosed(provisioning);
    }
}
