package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.core.internal.engine.Answer;
import io.microservicekit.messaging.core.internal.shared.Registry;
import io.microservicekit.messaging.core.internal.shared.SharedAnswer;
import io.microservicekit.messaging.core.internal.shared.SharedAnswer.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Asks the broker, the client's control loop and each subscription how they are, and waits for them at the edge. Nothing is asked unasked. */
final class ClientHealth {
    /** How long an answer holds, counted from the question. */
    static final Duration KEPT = Duration.ofSeconds(1);
    /** How long what should answer at once may take until it is taken as dead. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    private final ClientParts parts;
    private final Registry<CoreProducer> producers;
    private final Registry<CoreConsumer> consumers;
    private final SharedAnswer<Optional<Throwable>> broker = new SharedAnswer<>(KEPT);
    private final SharedAnswer<Boolean> control = new SharedAnswer<>(KEPT);

    ClientHealth(ClientParts parts, Registry<CoreProducer> producers, Registry<CoreConsumer> consumers) {
        this.parts = parts;
        this.producers = producers;
        this.consumers = consumers;
    }

    /** Returns when a broker answered. */
    void check(Duration limit) {
        checkPlace();
        if (!parts.lifecycle().isRunning()) {
            throw parts.clientClosed("Checking the health");
        }
        Duration within = Limits.within(limit);
        CompletableFuture<Optional<Throwable>> answer = askBroker().answer();
        await(answer, within);
        Optional<Throwable> failure = answer.getNow(Optional.of(noAnswer(within)));
        if (failure.isPresent()) {
            Throwable cause = failure.get();
            throw failed("no broker answers: " + cause.getMessage(), cause);
        }
    }

    /** How everything is. */
    HealthReport report() {
        checkPlace();
        HealthFindings findings = new HealthFindings(parts.clientId());
        producers.members().forEach(producer -> findings.producer(producer.health(), producer.sendTimeout()));
        if (!parts.lifecycle().isRunning()) {
            return findings.ofClosedClient();
        }
        Asked<Optional<Throwable>> connection = askBroker();
        Asked<Boolean> pulse = askControl();
        List<SubscriptionQuestion> subscriptions = new ArrayList<>();
        consumers.members().forEach(consumer -> consumer.ask(now()).ifPresent(subscriptions::add));
        List<Asked<?>> all = new ArrayList<>(List.of(connection, pulse));
        subscriptions.forEach(question -> all.add(question.asked()));
        await(all);
        findings.broker(connection.answer().getNow(Optional.of(noAnswer(PATIENCE))));
        findings.control(pulse.answer().isDone());
        subscriptions.forEach(question -> findings.subscription(question.outcome(PATIENCE)));
        return findings.report();
    }

    /** What has been asked for longer than patience lasts is not waited for again. */
    private void await(List<Asked<?>> asked) {
        List<CompletableFuture<?>> fresh = new ArrayList<>();
        long left = 0;
        for (Asked<?> one : asked) {
            long patience = PATIENCE.toNanos() - (now() - one.atNanos());
            if (patience > 0) {
                fresh.add(one.answer());
                left = Math.max(left, patience);
            }
        }
        await(CompletableFuture.allOf(fresh.toArray(CompletableFuture[]::new)), Duration.ofNanos(left));
    }

    private void await(CompletableFuture<?> answer, Duration limit) {
        try {
            parts.runtime().await(answer, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("the thread was interrupted", e);
        } catch (TimeoutException | ExecutionException e) {
            return; // whoever asked sees what is there and what is missing
        }
    }

    private Asked<Optional<Throwable>> askBroker() {
        return broker.ask(now(), parts.runtime()::future, answer -> {
            CompletableFuture<?> unused = Answer.of(() -> parts.backend().probe())
                    .whenComplete((done, error) -> answer.complete(Optional.ofNullable(error)));
        });
    }

    private Asked<Boolean> askControl() {
        return control.ask(
                now(), parts.runtime()::future, answer -> parts.control().execute(() -> answer.complete(true)));
    }

    private static BackendUnavailableException noAnswer(Duration limit) {
        return new BackendUnavailableException(
                ErrorCode.NO_BROKERS_AVAILABLE,
                "No broker answered within " + limit + ". Check that they run, the addresses and the network.");
    }

    private void checkPlace() {
        Place here = parts.runtime().place();
        if (here == Place.LOOP || here == Place.IO) {
            throw failed(
                    "thread " + Thread.currentThread().getName() + " belongs to the client and must not wait", null);
        }
    }

    private BackendUnavailableException failed(String why, @Nullable Throwable cause) {
        return new BackendUnavailableException(
                ErrorCode.HEALTH_CHECK,
                "Checking the health of client '" + parts.clientId() + "' failed: " + why,
                cause);
    }

    private long now() {
        return parts.runtime().nanoTime();
    }
}
