package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
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

/** A producer, and the drivers that it makes, which do what the test says. */
abstract class ScriptedDrivers {
    static final Duration TIMEOUT = Duration.ofSeconds(20);
    static final Duration LIMIT = Duration.ofSeconds(2);

    final ManualRuntime runtime = new ManualRuntime();
    final List<Scripted> made = new ArrayList<>();
    boolean resolvable = true;
    Runnable insideMaking = () -> {};

    /** A driver that takes messages once it was accepted, and confirms them at once unless it is stuck. */
    static final class Scripted {
        final List<PendingSend> held = new ArrayList<>();
        boolean refused;
        boolean accepted;
        boolean stuck;
        boolean sent;
        boolean ended;
        boolean closed;
        Runnable insideSend = () -> {};
        Runnable insideClose = () -> {};

        RenewedDriver.Driver driver() {
            return new RenewedDriver.Driver(
                    this::trySend,
                    this::close,
                    new DriverFacts(() -> sent, () -> refused, () -> accepted, () -> ended));
        }

        boolean trySend(PendingSend send) {
            if (!accepted) {
                return false;
            }
            held.add(send);
            insideSend.run();
            if (!stuck) {
                sent = true;
                send.delivered(new SendResult("topic", 0, held.size(), 0, true, true));
            }
            return true;
        }

        private void close(Duration limit) {
            closed = true;
            insideClose.run();
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

    Scripted last() {
        return made.get(made.size() - 1);
    }

    KafkaBackendProducer producer() {
        return new KafkaBackendProducer(
                this::make,
                runtime,
                "producer",
                KafkaBackendProducerTest.limits(Duration.ofSeconds(3)),
                runtime.loop("control"));
    }

    static CompletableFuture<SendResult> send(KafkaBackendProducer producer) {
        return producer.send(Message.builder("topic").valueText("value").build(), TIMEOUT);
    }

    void pass(Duration time) {
        runtime.advance(time);
        runtime.runAll();
    }

    static ThrowableAssertAlternative<?> assertFailed(CompletableFuture<?> sent, ErrorCode code) {
        return assertFailed(sent, code, SendOutcome.NOT_DELIVERED);
    }

    static ThrowableAssertAlternative<?> assertFailed(CompletableFuture<?> sent, ErrorCode code, SendOutcome outcome) {
        return assertThat(sent)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.outcome()).isEqualTo(outcome);
                });
    }
}
