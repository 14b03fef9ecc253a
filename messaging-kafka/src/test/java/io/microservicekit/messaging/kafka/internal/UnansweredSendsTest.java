package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.kafka.internal.RenewedDriver.Driver;
import io.microservicekit.messaging.kafka.internal.shared.PendingSend;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** A driver whose thread has died, or whose clock was set back, takes sends and never answers. */
class UnansweredSendsTest {
    /** The driver's default for {@code delivery.timeout.ms}. */
    private static final Duration DELIVERY = Duration.ofMinutes(2);

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofNanos(1);

    private final ManualRuntime runtime = new ManualRuntime();
    private final Queue<PendingSend> held = new ArrayDeque<>();
    private boolean takes = true;
    private final KafkaBackendProducer producer = new KafkaBackendProducer(
            () -> new Driver(
                    this::take, limit -> {}, new DriverFacts(() -> true, () -> false, () -> true, () -> false)),
            runtime,
            "producer",
            KafkaBackendProducerTest.limits(),
            runtime.loop("control"));

    private boolean take(PendingSend send) {
        return takes && held.add(send);
    }

    @Test
    void aSendThatTheDriverNeverAnswersEndsAsUnknownSoonAfterItsTime() {
        CompletableFuture<SendResult> sent = send(DELIVERY);
        pass(DELIVERY.plus(GRACE).minus(TICK));
        assertThat(sent).isNotDone();
        pass(SWEEP);
        assertUnanswered(sent);
    }

    @Test
    void aLongerTimeoutOfTheCallerDoesNotMakeADeadDriverWaitedForLonger() {
        CompletableFuture<SendResult> sent = send(Duration.ofDays(1));
        CompletableFuture<SendResult> forEver = send(Duration.ofSeconds(Long.MAX_VALUE));
        pass(DELIVERY.plus(GRACE).minus(TICK));
        assertThat(sent).isNotDone();
        assertThat(forEver).isNotDone();
        pass(SWEEP);
        assertUnanswered(sent);
        assertUnanswered(forEver);
    }

    @Test
    void whatTheDriverMayStillAnswerIsLeftToIt() {
        CompletableFuture<SendResult> unanswered = send(DELIVERY);
        pass(SWEEP.multipliedBy(3));
        CompletableFuture<SendResult> younger = send(DELIVERY);
        pass(DELIVERY);
        assertUnanswered(unanswered);
        assertThat(younger).isNotDone();
        held.remove();
        held.remove().delivered(confirmation());
        assertThat(younger).isCompleted();
    }

    /** The driver's time begins when it takes the message. */
    @Test
    void aSendThatWaitedForTheDriverHasItsWholeTimeout() {
        takes = false;
        Duration timeout = DELIVERY.multipliedBy(2);
        CompletableFuture<SendResult> sent = send(timeout);
        pass(DELIVERY.plus(GRACE));
        takes = true;
        pass(SWEEP);
        assertThat(held).hasSize(1);
        pass(timeout.minus(DELIVERY).minus(GRACE).minus(SWEEP).minus(TICK));
        assertThat(sent).isNotDone();
        pass(TICK);
        assertThat(sent).isCompletedExceptionally();
    }

    @Test
    void itIsEndedAndCountedOnceWhateverTheDriverAnswersLater() {
        AtomicInteger outcomes = new AtomicInteger();
        CompletableFuture<SendResult> confirmedLate = send(DELIVERY);
        CompletableFuture<SendResult> failedLate = send(DELIVERY);
        var unused = confirmedLate.whenComplete((result, error) -> outcomes.incrementAndGet());
        var unusedToo = failedLate.whenComplete((result, error) -> outcomes.incrementAndGet());
        pass(DELIVERY.plus(GRACE));
        held.remove().delivered(confirmation());
        held.remove().failed(SendFailures.of("topic", new KafkaException("late")));
        pass(SWEEP);
        assertUnanswered(confirmedLate);
        assertUnanswered(failedLate);
        assertThat(outcomes).hasValue(2);
        CompletableFuture<SendResult> inFlight = send(DELIVERY);
        assertThat(inFlight).isNotDone();
        assertThat(unconfirmedAtTheClose()).isEqualTo(1);
    }

    private long unconfirmedAtTheClose() {
        CompletableFuture<Long> closed = producer.close(LIMIT);
        pass(LIMIT.plusSeconds(1));
        return closed.join();
    }

    private CompletableFuture<SendResult> send(Duration timeout) {
        return producer.send(Message.builder("topic").valueText("value").build(), timeout);
    }

    /** As time does: every loop runs whenever something is due. */
    private void pass(Duration time) {
        Duration left = time;
        for (; left.compareTo(SWEEP) > 0; left = left.minus(SWEEP)) {
            runtime.advance(SWEEP);
            runtime.runAll();
        }
        runtime.advance(left);
        runtime.runAll();
    }

    private static SendResult confirmation() {
        return new SendResult("topic", 0, 0, 0, true, true);
    }

    private static void assertUnanswered(CompletableFuture<?> sent) {
        assertThat(sent)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
                    assertThat(error.outcome()).isEqualTo(SendOutcome.UNKNOWN);
                })
                .withMessageContaining("'topic'")
                .withMessageContaining("OutOfMemoryError")
                .withMessageContaining("clock of this machine was set back")
                .withMessageContaining("close this producer and open another");
    }
}
