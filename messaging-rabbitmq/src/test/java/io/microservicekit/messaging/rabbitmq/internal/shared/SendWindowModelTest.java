package io.microservicekit.messaging.rabbitmq.internal.shared;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Senders, the worker, the reading thread and the loop in all interleavings that Lincheck finds: a {@link PendingSend} that was added leaves the window
 * and its {@link ConfirmRing} exactly once, the broker's answer ends the one that was written under its number, and what one thread sent is written in
 * the order of its calls.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class SendWindowModelTest {
    private static final int MAX_THREADS = 8;
    private static final Message MESSAGE =
            Message.builder("topic").valueText("value").build();

    private final AtomicInteger due = new AtomicInteger();
    private final SendWindow window = new SendWindow(due::incrementAndGet, () -> {});
    private final Queue<Tracked> added = new ConcurrentLinkedQueue<>();
    private final Queue<PendingSend> written = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final long[] lastSent = new long[MAX_THREADS];
    private volatile Channel channel = new Channel(1);

    /** What is known of a send beside the window. Lincheck follows each access of this class as well, so it keeps to plain loops. */
    private record Tracked(PendingSend send, int thread, long number, AtomicInteger ends) {}

    /** One channel as worker and reading thread see it. */
    private static final class Channel {
        private final long epoch;
        private final AtomicLong sequence = new AtomicLong();
        private final AtomicLong answered = new AtomicLong();
        private final Queue<PendingSend> written = new ConcurrentLinkedQueue<>();

        private Channel(long epoch) {
            this.epoch = epoch;
        }
    }

    public SendWindowModelTest() {
        window.open(1, () -> {}, Integer.MAX_VALUE);
    }

    @Operation
    public void send(@Param(name = "thread") int thread) {
        lastSent[thread]++;
        PendingSend send = new PendingSend("", MESSAGE, 0, 0, new CompletableFuture<>());
        Tracked tracked = new Tracked(send, thread, lastSent[thread], new AtomicInteger());
        added.add(tracked);
        if (!window.add(send)) {
            tracked.ends().incrementAndGet();
        }
    }

    @Operation(nonParallelGroup = "worker")
    public void write() {
        Channel present = channel;
        PendingSend next = window.next(present.epoch, present.sequence.get() + 1, -1);
        if (next != null) {
            present.sequence.incrementAndGet();
            present.written.add(next);
            written.add(next);
        }
    }

    /** The broker answers the oldest one; numbers that nobody waits for any more it answers too. */
    @Operation(nonParallelGroup = "reader")
    public void confirm() {
        Channel present = channel;
        PendingSend oldest = present.written.poll();
        if (oldest != null) {
            for (PendingSend settled : window.settle(present.epoch, present.answered.incrementAndGet(), false)) {
                if (settled != oldest) {
                    violations.add("the answer of one ended another");
                }
                end(settled);
            }
        }
    }

    @Operation(nonParallelGroup = "loop")
    public void lose() {
        window.lost(channel.epoch).forEach(this::end);
        Channel next = new Channel(channel.epoch + 1);
        channel = next;
        window.open(next.epoch, () -> {}, Integer.MAX_VALUE);
    }

    @Operation(nonParallelGroup = "loop")
    public void expire() {
        SendWindow.Sends late = window.expire(1);
        late.queued().forEach(this::end);
        late.written().forEach(this::end);
    }

    private void end(PendingSend send) {
        tracked(send).ends().incrementAndGet();
        send.failed(new SendException(ErrorCode.TIMEOUT, SendOutcome.UNKNOWN, "", null));
    }

    /** After all threads have come to their end. */
    @Validate
    public void eachSendLeavesTheWindowOnce() {
        window.takeQueued().forEach(this::end);
        window.lost(channel.epoch).forEach(this::end);
        for (Tracked tracked : added) {
            if (tracked.ends().get() != 1) {
                throw new IllegalStateException("a send ended " + tracked.ends() + " times");
            }
        }
        check(violations.isEmpty(), "the answer of one ended another");
        check(added.isEmpty() || due.get() > 0, "nobody looks at the deadline of the first send");
        checkOrder();
    }

    private void checkOrder() {
        long[] last = new long[MAX_THREADS];
        for (PendingSend send : written) {
            Tracked present = tracked(send);
            if (present.number() <= last[present.thread()]) {
                throw new IllegalStateException(
                        "thread " + present.thread() + ": " + present.number() + " after " + last[present.thread()]);
            }
            last[present.thread()] = present.number();
        }
    }

    private Tracked tracked(PendingSend send) {
        for (Tracked tracked : added) {
            if (tracked.send() == send) {
                return tracked;
            }
        }
        throw new IllegalStateException("the window has handed out what was never added");
    }

    private static void check(boolean condition, String violation) {
        if (!condition) {
            throw new IllegalStateException(violation);
        }
    }

    @Test
    void stress() {
        stress(3, 200);
    }

    @Test
    @Tag("long-model")
    void longModelChecking() {
        modelChecking(25, 1_000);
    }

    @Test
    @Tag("long-model")
    void longStress() {
        stress(40, 2_000);
    }

    private static void modelChecking(int scenarios, int interleavings) {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .iterations(scenarios)
                .invocationsPerIteration(interleavings)
                .check(SendWindowModelTest.class);
    }

    private static void stress(int scenarios, int runs) {
        new StressOptions()
                .threads(4)
                .actorsPerThread(4)
                .iterations(scenarios)
                .invocationsPerIteration(runs)
                .check(SendWindowModelTest.class);
    }
}
