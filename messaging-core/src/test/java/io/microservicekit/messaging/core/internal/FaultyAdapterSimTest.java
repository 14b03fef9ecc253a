package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.api.message.BatchSendException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.core.SimpleTracer;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client makes of a driver that throws errors, is slow, or never answers. */
class FaultyAdapterSimTest {
    private static final Message ORDER = Message.builder("orders").build();
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedRuntime sim = SimulatedRuntime.seeded(1);
    private final ScriptedAdapter adapter = new ScriptedAdapter();
    private final CoreClient client =
            OverAdapter.client(sim.scope("client"), adapter, System.getLogger("FaultyAdapterSimTest"));

    @AfterEach
    void end() {
        sim.close();
    }

    private static NoClassDefFoundError missingClass() {
        return new NoClassDefFoundError("of/the/Driver");
    }

    @Test
    void anErrorOfTheDriverEndsItsSendAndGivesTheRoomBack() {
        MessageProducer producer =
                client.producer(ProducerOptions.builder().maxInFlight(1).build());
        adapter.sending = (message, limit) -> {
            throw missingClass();
        };

        CompletionException error = catchThrowableOfType(
                CompletionException.class, () -> producer.sendAsync(ORDER).join());

        assertThat(error.getCause())
                .hasCauseInstanceOf(NoClassDefFoundError.class)
                .isInstanceOfSatisfying(
                        SendException.class,
                        failure -> assertThat(failure.outcome()).isEqualTo(SendOutcome.UNKNOWN));
        assertThat(client.health().producers().get(0).pendingSends()).isZero();
        adapter.sending = (message, limit) -> ScriptedAdapter.delivered(message);
        assertThat(producer.sendAsync(ORDER)).as("there is room for one").isCompleted();
    }

    @Test
    void anAdapterIsAskedAnotherQuestionAboutADeadLetterThanAboutAMessage() {
        CoreProducer producer = (CoreProducer) client.producer();
        adapter.refusing = message -> refused();
        assertThat(producer.sendAsync(ORDER)).isCompletedExceptionally();
        assertThat(producer.sendDeadLetter(ORDER)).isCompleted();

        adapter.refusing = message -> null;
        adapter.refusingDeadLetters = message -> refused();
        assertThat(producer.sendAsync(ORDER)).isCompleted();
        assertThat(producer.sendDeadLetter(ORDER)).isCompletedExceptionally();
    }

    private static InvalidMessageException refused() {
        return new InvalidMessageException(ErrorCode.MALFORMED_HEADER, "refused");
    }

    @Test
    void whatKeepsAProducerFromItsBrokerDegradesReadinessUntilItIsOver() {
        MessageProducer traced = client.producer(
                ProducerOptions.builder().tracer(new SimpleTracer()).build());
        adapter.impeding = () -> "low on\nmemory";

        assertThat(client.health().readiness().status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(client.health().readiness().reasons())
                .containsExactly("A producer is hindered: low on\\u000amemory");
        assertThat(client.health().producers().get(0).impediment()).isEqualTo("low on\\u000amemory");
        adapter.impeding = () -> null;
        assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
        adapter.impeding = () -> "low on memory";
        traced.close();
        assertThat(client.health().status()).as("of a closed producer").isEqualTo(HealthStatus.UP);
    }

    @Test
    void anErrorWhileSubscribingIsNothingThatACloseWaitsFor() {
        MessageConsumer consumer = client.consumer("shop");
        adapter.consuming = listener -> {
            throw missingClass();
        };

        assertThatExceptionOfType(NoClassDefFoundError.class)
                .isThrownBy(() -> consumer.subscribe("orders", message -> {}));

        consumer.close();
        assertThat(sim.elapsed()).isZero();
    }

    @Test
    void afterAnErrorWhileSubscribingTheConsumerMaySubscribeAgain() {
        MessageConsumer consumer = client.consumer("shop");
        adapter.consuming = listener -> {
            throw missingClass();
        };
        assertThatExceptionOfType(NoClassDefFoundError.class)
                .isThrownBy(() -> consumer.subscribe("orders", message -> {}));
        adapter.consuming = new ScriptedAdapter().consuming;

        assertThat(consumer.subscribe("orders", message -> {}).completion()).isNotDone();
    }

    @Test
    void anErrorWhileSubscribingEndsTheLoopThatWasMadeForTheSubscription() {
        adapter.consuming = listener -> {
            listener.ready();
            throw missingClass();
        };

        assertThatExceptionOfType(NoClassDefFoundError.class)
                .isThrownBy(() -> client.consumer("shop").subscribe("orders", message -> {}));

        sim.settle();
        assertThat(sim.eventLog()).noneMatch(event -> event.endsWith("run client/shop"));
    }

    @Test
    void messagesWithoutAnOutcomeDoNotWaitOneAfterTheOtherBeyondTheTimeoutOfTheirBatch() {
        adapter.sending = (message, limit) -> new CompletableFuture<>();
        sim.loop("something to come").schedule(Duration.ofHours(1), () -> {});

        BatchSendException error = catchThrowableOfType(
                BatchSendException.class,
                () -> client.producer().sendBatch(Collections.nCopies(20, ORDER), Duration.ofSeconds(3)));

        assertThat(error.result().count(SendOutcome.UNKNOWN)).isEqualTo(20);
        assertThat(sim.elapsed()).isEqualTo(Duration.ofSeconds(3).plus(SendPath.GRACE));
    }

    @Test
    void aMessageThatIsHandedOverLateGetsWhatIsLeftOfTheTimeOfItsBatch() {
        List<Duration> limits = new ArrayList<>();
        adapter.sending = (message, limit) -> {
            limits.add(limit);
            sim.advance(SECOND); // as if the driver had been slow to take it
            return ScriptedAdapter.delivered(message);
        };

        client.producer().sendBatch(Collections.nCopies(3, ORDER), Duration.ofSeconds(10));

        assertThat(limits).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(9), Duration.ofSeconds(8));
    }

    @Test
    void aReportNamesTheAcknowledgementsThatTheBrokerHasNotTaken() {
        adapter.consuming = listener -> new IdleConsumer(limit -> CompletableFuture.completedFuture(null), 5);
        client.consumer("shop").subscribe("orders", message -> {});

        ShutdownReport report = client.shutdown(SECOND);

        assertThat(report.unacknowledged()).isEqualTo(5);
        assertThat(report.clean()).isFalse();
    }

    @Test
    void whereTheAdapterNeverTellsAllAcknowledgementsCountThatTheBrokerHasNotConfirmed() {
        AtomicReference<BackendListener> heard = new AtomicReference<>();
        adapter.consuming = listener -> {
            heard.set(listener);
            return new IdleConsumer(limit -> new CompletableFuture<>());
        };
        client.consumer("shop").subscribe("orders", message -> {});
        Assignment assignment = new Assignment("orders", 0, 1);
        heard.get().assigned(Set.of(assignment));
        heard.get().delivered(assignment, List.of(received(0)));
        sim.settle();
        heard.get().acknowledged(assignment, 0);
        heard.get().delivered(assignment, List.of(received(1), received(2)));
        sim.settle();

        ShutdownReport report = client.shutdown(SECOND);

        assertThat(report.unacknowledged()).isEqualTo(2);
        assertThat(report.clean()).isFalse();
    }

    private static ReceivedMessage received(long offset) {
        return ReceivedMessage.of(ORDER, new MessagePosition("orders", 0, offset, 1, offset), "shop");
    }

    @Test
    void aThreadOfTheDriverThatHangsFailsLivenessForAsLongAsItDoes() {
        AtomicReference<String> hang = new AtomicReference<>();
        adapter.consuming = listener -> {
            listener.ready();
            return new IdleConsumer(limit -> CompletableFuture.completedFuture(null), 0, hang::get);
        };
        ConsumerOptions traced =
                ConsumerOptions.builder().tracer(new SimpleTracer()).build();
        client.consumer("shop", traced).subscribe("orders", message -> {});
        sim.settle();
        assertThat(client.health().status()).isEqualTo(HealthStatus.UP);

        hang.set("its poll\nthread hangs");
        sim.advance(SECOND);
        HealthReport report = client.health();

        assertThat(report.subscriptions().get(0).state()).isEqualTo(SubscriptionState.UNRESPONSIVE);
        assertThat(report.liveness().status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report.readiness().status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report.liveness().reasons())
                .containsExactly("Group 'shop' is UNRESPONSIVE: its poll\\u000athread hangs");

        hang.set(null);
        sim.advance(SECOND);
        assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void anInterruptedCloseOfAConsumerGivesItsDeadLettersNoMoreTime() {
        List<Duration> limits = new ArrayList<>();
        CompletableFuture<Long> flushed = new CompletableFuture<>();
        adapter.closingProducer = limit -> {
            limits.add(limit);
            if (limit.isZero()) {
                flushed.complete(2L);
            }
            return flushed;
        };
        MessageConsumer consumer = client.consumer(
                "shop", ConsumerOptions.builder().deadLetterQueue("dead").build());

        Thread.currentThread().interrupt();
        consumer.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(limits).last().isEqualTo(Duration.ZERO);
        assertThat(sim.elapsed()).isLessThan(SECOND);
    }

    @Test
    void theEndOfAConsumerCountsTheDeadLettersThatAreNotConfirmed() {
        adapter.closingProducer = limit -> CompletableFuture.completedFuture(2L);
        CoreConsumer consumer = (CoreConsumer) client.consumer(
                "shop", ConsumerOptions.builder().deadLetterQueue("dead").build());

        CompletableFuture<ShutdownReport> report = consumer.closeAsync(Duration.ofMinutes(1));

        sim.settle();
        assertThat(report.join().unconfirmedSends()).isEqualTo(2);
    }

    @Test
    void whatTheBrokerTakesWhileAConsumerClosesIsAcknowledgedThoughTheCloseIsNeverAnswered() {
        AtomicReference<BackendListener> heard = new AtomicReference<>();
        Assignment assignment = new Assignment("orders", 0, 1);
        adapter.consuming = listener -> {
            heard.set(listener);
            return new IdleConsumer(limit -> {
                listener.acknowledged(assignment, 2);
                return new CompletableFuture<>();
            });
        };
        client.consumer("shop").subscribe("orders", message -> {});
        heard.get().assigned(Set.of(assignment));
        heard.get().delivered(assignment, List.of(received(0), received(1), received(2)));
        sim.settle();

        ShutdownReport report = client.shutdown(SECOND);

        assertThat(report.unacknowledged()).isZero();
    }

    @Test
    void aQuestionBehindTheEndOfASubscriptionIsAnswered() {
        CompletableFuture<Void> closing = new CompletableFuture<>();
        adapter.consuming = listener -> new IdleConsumer(limit -> closing);
        CoreSubscription subscription =
                (CoreSubscription) client.consumer("shop").subscribe("orders", message -> {});
        CompletableFuture<?> closed = subscription.closeAsync(Duration.ofMinutes(1));
        sim.settle();
        assertThat(closed).isNotDone();

        closing.complete(null); // the end waits on the loop now, and the question behind it

        assertThat(client.health().subscriptions().get(0).state()).isNotEqualTo(SubscriptionState.UNRESPONSIVE);
        sim.settle();
        assertThat(closed).isCompleted();
    }
}
