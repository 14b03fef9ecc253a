package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** One topic to which more is sent than its queue is emptied of, without an end, by a driver that takes each at once: it never lets go by itself. */
class BusyTopicTest {
    private static final int MANY = 1_000_000;
    /** What the clock says that a message takes: the driver and the senders. */
    private static final Duration EACH = Duration.ofNanos(1_000);

    private static final Duration LONG = Duration.ofMinutes(5);

    private final ManualLoop loop = new ManualLoop();
    private final OrderedSendGate gate =
            new OrderedSendGate(this::trySend, OrderedSendGateTest::refusal, loop, this::nanoTime);
    private int busy = -1;
    private int disorder;
    private IntPredicate takesOther = taken -> false;
    private Runnable onEach = () -> {};

    private long nanoTime() {
        return busy * EACH.toNanos();
    }

    private boolean trySend(PendingSend send) {
        if (!send.topic().equals("busy")) {
            return takesOther.test(busy) && delivered(send);
        }
        if (busy < 0) {
            busy = 0; // the first one waits, as for the metadata of its topic
            return false;
        }
        disorder += send.timestampMillis() == busy ? 0 : 1;
        if (++busy < MANY) {
            gate.send(send("busy", busy, LONG));
        }
        onEach.run();
        return delivered(send);
    }

    private static boolean delivered(PendingSend send) {
        send.delivered(new SendResult(send.topic(), 0, 0, 0, true, true));
        return true;
    }

    private PendingSend send(String topic, int number, Duration timeout) {
        Message message = Message.builder(topic).valueText("value").build();
        return new PendingSend(message, number, timeout, nanoTime() + timeout.toNanos(), new CompletableFuture<>());
    }

    /** How many of the busy topic were taken before another message had its outcome. */
    private int takenBefore(PendingSend other) {
        int[] taken = {MANY};
        var unused = other.future().whenComplete((result, error) -> taken[0] = busy);
        gate.send(send("busy", 0, LONG));
        gate.send(other);
        while (loop.runOne()) {
            assertThat(busy).isLessThanOrEqualTo(MANY);
        }
        assertThat(busy).isEqualTo(MANY);
        assertThat(disorder).as("taken out of order").isZero();
        return taken[0];
    }

    @Test
    void aMessageOfAnotherTopicIsTriedAgainMeanwhile() {
        takesOther = taken -> taken > 0;
        PendingSend other = send("other", 0, LONG);
        assertThat(takenBefore(other)).isLessThan(1_000);
        assertThat(other.future()).isCompleted();
    }

    @Test
    void aMessageOfAnotherTopicWhoseTimeIsOverEndsMeanwhile() {
        PendingSend other = send("other", 0, Duration.ofMillis(10));
        assertThat(takenBefore(other)).isLessThan(50_000);
        assertThat(other.wasRefused()).isTrue();
    }

    /** Its end would be unknown, though it was not sent in its time. */
    @Test
    void aMessageOfAnotherTopicIsNotHandedOverOnceItsTimeIsOver() {
        Duration time = Duration.ofMillis(10);
        takesOther = taken -> taken * EACH.toNanos() >= time.toNanos();
        PendingSend other = send("other", 0, time);
        takenBefore(other);
        assertThat(other.wasRefused()).isTrue();
    }

    @Test
    void whatElseTheLoopHasToDoIsDoneMeanwhile() {
        int[] timer = {MANY};
        onEach = () -> {
            if (busy == 10) {
                var unused = loop.schedule(Duration.ZERO, () -> timer[0] = busy);
            }
        };
        takenBefore(send("other", 0, Duration.ofMillis(10)));
        assertThat(timer[0]).isLessThan(1_000);
    }
}
