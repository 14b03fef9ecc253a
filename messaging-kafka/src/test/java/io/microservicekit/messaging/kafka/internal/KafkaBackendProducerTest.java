package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.kafka.internal.RenewedDriver.Driver;
import io.microservicekit.messaging.kafka.internal.shared.PendingSend;
import io.microservicekit.messaging.kafka.internal.shared.SendDriver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What a close counts as unconfirmed: what the driver held when the limit passed, and nothing else. */
class KafkaBackendProducerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration FORCED = LIMIT.plusMillis(50);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Queue<PendingSend> held = new ArrayDeque<>();
    private CompletableFuture<Long> closed = new CompletableFuture<>();
    private Runnable insideSend = () -> {};
    private Runnable insideClose = () -> {};
    private Consumer<Duration> onClose = limit -> {};
    private SendDriver answer = send -> held.add(send);
    private final DriverFacts facts = new DriverFacts(() -> true, () -> false, () -> true, () -> false);
    private final KafkaBackendProducer producer = new KafkaBackendProducer(
            () -> new Driver(this::trySend, this::close, facts),
            runtime,
            "producer",
            limits(),
            runtime.loop("control"));

    static SendLimits limits() {
        return limits(Duration.ofSeconds(30));
    }

    static SendLimits limits(Duration requestTimeout) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", "localhost:9092");
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        settings.put("request.timeout.ms", (int) requestTimeout.toMillis());
        return new SendLimits(settings);
    }

    private boolean trySend(PendingSend send) {
        insideSend.run();
        return answer.trySend(send);
    }

    private void close(Duration limit) {
        onClose.accept(limit);
        insideClose.run();
    }

    @Test
    void aSendThatTheClosingDriverRefusesIsNotUnconfirmed() {
        insideSend = () -> closed = producer.close(LIMIT);
        answer = send -> {
            send.refused(SendFailures.refused(send.topic(), new IllegalStateException("closed")));
            return true;
        };
        CompletableFuture<SendResult> sent = send();
        assertThat(sent).isCompletedExceptionally();
        runtime.runAll();
        assertThat(closed).isCompletedWithValue(0L);
    }

    @Test
    void aSendThatComesToTheClosedGateIsNotUnconfirmed() {
        insideSend = () -> closed = producer.close(LIMIT);
        answer = send -> false;
        CompletableFuture<SendResult> sent = send();
        assertOutcome(sent, ErrorCode.PRODUCER_CLOSED, SendOutcome.NOT_DELIVERED);
        runtime.runAll();
        assertThat(closed).isCompletedWithValue(0L);
    }

    @Test
    void whatTheDriverEndsAfterTheLimitAndWhatItStillHoldsIsUnconfirmed() {
        CompletableFuture<SendResult> confirmed = send();
        CompletableFuture<SendResult> refused = send();
        CompletableFuture<SendResult> late = send();
        CompletableFuture<SendResult> cutOff = send();
        CompletableFuture<SendResult> stuck = send();
        insideClose = () -> {
            confirm();
            fail(new RecordTooLargeException("too large"));
            runtime.advance(LIMIT);
            confirm();
            fail(new KafkaException("Producer is closed forcefully."));
        };
        closed = producer.close(LIMIT);
        runtime.runAll();
        assertThat(confirmed).isCompleted();
        assertOutcome(refused, ErrorCode.MESSAGE_TOO_LARGE, SendOutcome.NOT_DELIVERED);
        assertThat(late).isCompleted();
        assertOutcome(cutOff, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        assertOutcome(stuck, ErrorCode.PRODUCER_CLOSED, SendOutcome.UNKNOWN);
        assertThat(closed).isCompletedWithValue(2L);
    }

    @Test
    void aSendThatTheDriverNeverTookUntilTheLimitPassedIsUnconfirmedAndNotDelivered() {
        answer = send -> false;
        CompletableFuture<SendResult> sent = send();
        closed = producer.close(LIMIT);
        runtime.runAll();
        runtime.advance(LIMIT);
        runtime.runAll();
        assertOutcome(sent, ErrorCode.PRODUCER_CLOSED, SendOutcome.NOT_DELIVERED);
        assertThat(closed).isCompletedWithValue(1L);
    }

    @Test
    void aSendThatFailsBeforeTheLimitIsNotUnconfirmed() {
        CompletableFuture<SendResult> sent = send();
        insideClose = () -> {
            runtime.advance(LIMIT.minusNanos(1));
            fail(new KafkaException("expired"));
        };
        closed = producer.close(LIMIT);
        runtime.runAll();
        assertOutcome(sent, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        assertThat(closed).isCompletedWithValue(0L);
    }

    @Test
    void aDriverThatDoesNotComeBackIsNotWaitedFor() {
        runtime.holdThreads();
        CompletableFuture<SendResult> sent = send();
        closed = producer.close(LIMIT);
        runtime.runAll();
        assertThat(closed).isNotDone();
        runtime.advance(FORCED.minusNanos(1));
        runtime.runAll();
        assertThat(closed).isNotDone();
        runtime.advance(Duration.ofNanos(1));
        runtime.runAll();
        assertThat(closed).isCompletedWithValue(1L);
        assertOutcome(sent, ErrorCode.PRODUCER_CLOSED, SendOutcome.UNKNOWN);
        assertThat(producer.close(LIMIT)).isSameAs(closed);
    }

    @Test
    void whatTheDriverTakesAfterTheForcedEndEndsAsUnknown() {
        runtime.holdThreads();
        insideSend = () -> {
            closed = producer.close(LIMIT);
            runtime.advance(FORCED);
            runtime.runAll();
        };
        assertOutcome(send(), ErrorCode.PRODUCER_CLOSED, SendOutcome.UNKNOWN);
        assertThat(closed).isCompletedWithValue(0L);
    }

    @Test
    void aSecondCloseWithAShorterLimitEndsTheFirst() {
        runtime.holdThreads();
        CompletableFuture<SendResult> sent = send();
        closed = producer.close(LIMIT);
        runtime.runAll();
        assertThat(producer.close(Duration.ZERO)).isSameAs(closed);
        runtime.advance(FORCED.minus(LIMIT));
        runtime.runAll();
        assertThat(closed).isCompletedWithValue(1L);
        assertOutcome(sent, ErrorCode.PRODUCER_CLOSED, SendOutcome.UNKNOWN);
    }

    @Test
    void aSecondCloseClosesTheDriverWithTheShorterLimitAndALongerOneChangesNothing() {
        List<Duration> limits = new ArrayList<>();
        onClose = limits::add;
        CompletableFuture<SendResult> waiting = refusedForNow();
        closed = producer.close(LIMIT);
        var first = producer.close(Duration.ofSeconds(30));
        var second = producer.close(Duration.ofSeconds(1));
        runtime.runAll();
        assertThat(limits).isEmpty();
        runtime.advance(Duration.ofSeconds(1));
        runtime.runAll();
        assertThat(limits).containsExactly(Duration.ZERO);
        assertOutcome(waiting, ErrorCode.PRODUCER_CLOSED, SendOutcome.NOT_DELIVERED);
        assertThat(closed).isCompletedWithValue(1L).isSameAs(first).isSameAs(second);
    }

    @Test
    void aDriverThatNoThreadCanBeHadForIsClosedAtOnce() {
        List<Duration> limits = new ArrayList<>();
        onClose = limits::add;
        CompletableFuture<SendResult> sent = send();
        insideClose = () -> fail(new KafkaException("Producer is closed forcefully."));
        runtime.lackMemoryForThreads(1);
        closed = producer.close(LIMIT);
        runtime.runAll();
        assertThat(limits).containsExactly(Duration.ZERO);
        assertOutcome(sent, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        assertThat(closed).isCompletedWithValue(0L);
    }

    @Test
    void theTimeoutOfTheCallerEndsWhatTheDriverWouldDecideLater() {
        CompletableFuture<SendResult> sent = send();
        runtime.advance(TIMEOUT);
        runtime.runAll();
        assertOutcome(sent, ErrorCode.TIMEOUT, SendOutcome.UNKNOWN);
    }

    @Test
    void aContinuationThatHangsTheProducersLoopKeepsNoSendOpenBeyondTheForcedEnd() {
        CompletableFuture<SendResult> inFlight = send();
        CompletableFuture<SendResult> first = refusedForNow();
        CompletableFuture<SendResult> second = refusedForNow();
        List<Boolean> ended = new ArrayList<>();
        var hanging = first.whenComplete((result, error) -> {
            runtime.advance(Duration.ofMillis(100));
            runtime.runAll();
            ended.addAll(List.of(inFlight.isDone(), second.isDone(), closed.isDone()));
        });
        closed = producer.close(LIMIT);
        runtime.runAll();
        runtime.advance(LIMIT);
        runtime.runAll();
        assertThat(hanging).isCompletedExceptionally();
        assertThat(ended).containsExactly(true, true, true);
        assertOutcome(first, ErrorCode.PRODUCER_CLOSED, SendOutcome.NOT_DELIVERED);
        assertOutcome(second, ErrorCode.PRODUCER_CLOSED, SendOutcome.NOT_DELIVERED);
        assertOutcome(inFlight, ErrorCode.PRODUCER_CLOSED, SendOutcome.UNKNOWN);
        assertThat(closed).isCompletedWithValue(3L);
    }

    @Test
    void aContinuationOfAnExpiredSendThatHangsKeepsNeitherOthersNorTheDriverOpen() {
        List<Duration> limits = new ArrayList<>();
        onClose = limits::add;
        CompletableFuture<SendResult> first = refusedForNow();
        CompletableFuture<SendResult> expired = refusedForNow();
        List<CompletableFuture<SendResult>> later = new ArrayList<>();
        List<Boolean> ended = new ArrayList<>();
        var hanging = first.whenComplete((result, error) -> {
            later.add(refusedForNow());
            closed = producer.close(LIMIT);
            runtime.advance(LIMIT.plusMillis(100));
            runtime.runAll();
            ended.addAll(List.of(expired.isDone(), later.get(0).isDone(), closed.isDone()));
        });
        runtime.advance(TIMEOUT);
        runtime.runAll();
        assertThat(hanging).isCompletedExceptionally();
        assertThat(ended).containsExactly(true, true, true);
        assertThat(limits).as("the driver is closed").isNotEmpty();
        assertOutcome(expired, ErrorCode.TIMEOUT, SendOutcome.NOT_DELIVERED);
    }

    @Test
    void whatIsWithTheDriverWhenAllIsGivenUpIsUnknownAndWhatWaitsBehindItIsNotDelivered() {
        CompletableFuture<SendResult> first = refusedForNow();
        CompletableFuture<SendResult> second = refusedForNow();
        closed = producer.close(LIMIT);
        runtime.runAll();
        answer = send -> {
            runtime.advance(LIMIT.plusMillis(100));
            answer = other -> false;
            runtime.runAll();
            return true;
        };
        runtime.advance(Duration.ofMillis(50));
        runtime.runAll();
        assertOutcome(first, ErrorCode.PRODUCER_CLOSED, SendOutcome.UNKNOWN);
        assertOutcome(second, ErrorCode.PRODUCER_CLOSED, SendOutcome.NOT_DELIVERED);
    }

    private CompletableFuture<SendResult> send() {
        return producer.send(Message.builder("topic").valueText("value").build(), TIMEOUT);
    }

    private CompletableFuture<SendResult> refusedForNow() {
        answer = send -> false;
        return send();
    }

    private void confirm() {
        held.remove().delivered(new SendResult("topic", 0, 0, 0, true, true));
    }

    private void fail(RuntimeException cause) {
        held.remove().failed(SendFailures.of("topic", cause));
    }

    private static void assertOutcome(CompletableFuture<?> sent, ErrorCode code, SendOutcome outcome) {
        assertThat(sent)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.outcome()).isEqualTo(outcome);
                });
    }
}
