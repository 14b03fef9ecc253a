package io.microservicekit.messaging.kafka.internal.shared;

import io.microservicekit.messaging.api.message.SendResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two senders and the loop in all interleavings that Lincheck finds. Each thread sends under a key of its own, so that the promise "calls of one
 * thread reach one partition in the order of the calls" can be read off what the driver took: per key without a gap and rising, each message once.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class OrderedSendGateModelTest {
    private static final int MAX_THREADS = 8;

    private final ManualLoop loop = new ManualLoop();
    private final SwitchedDriver driver = new SwitchedDriver();
    private final OrderedSendGate gate = new OrderedSendGate(driver, OrderedSendGateTest::refusal, loop, () -> 0);
    private final long[] lastSent = new long[MAX_THREADS];

    @Operation
    public void send(@Param(name = "thread") int thread) {
        lastSent[thread]++;
        gate.send(OrderedSendGateTest.pending("topic", thread, lastSent[thread], Duration.ofMinutes(1)));
    }

    @Operation
    public void block() {
        driver.set(false);
    }

    @Operation
    public void unblock() {
        driver.set(true);
    }

    /** What a loop does: one task at a time. */
    @Operation(nonParallelGroup = "loop")
    public void runLoop() {
        loop.runOne();
    }

    @Validate
    public void theOrderOfEachKeyIsKept() {
        long[] last = new long[MAX_THREADS];
        for (PendingSend send : driver.taken()) {
            int key = ByteBuffer.wrap(send.message().key()).getInt();
            long number = ByteBuffer.wrap(send.message().value()).getLong();
            if (number != last[key] + 1) {
                throw new IllegalStateException("key " + key + ": " + number + " after " + last[key]);
            }
            last[key] = number;
        }
    }

    @Test
    void stress() {
        stress(5, 500);
    }

    @Test
    @Tag("long-model")
    void modelChecking() {
        modelChecking(20, 1_000);
    }

    @Test
    @Tag("long-model")
    void longStress() {
        stress(30, 2_000);
    }

    private static void modelChecking(int scenarios, int interleavings) {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(2)
                .iterations(scenarios)
                .invocationsPerIteration(interleavings)
                .check(OrderedSendGateModelTest.class);
    }

    private static void stress(int scenarios, int runs) {
        new StressOptions()
                .threads(3)
                .actorsPerThread(4)
                .iterations(scenarios)
                .invocationsPerIteration(runs)
                .check(OrderedSendGateModelTest.class);
    }

    /** Takes all or nothing; what it takes it confirms. */
    private static final class SwitchedDriver implements SendDriver {
        private final List<PendingSend> taken = new ArrayList<>();
        private boolean open = true;

        synchronized void set(boolean open) {
            this.open = open;
        }

        synchronized List<PendingSend> taken() {
            return new ArrayList<>(taken);
        }

        @Override
        public boolean trySend(PendingSend send) {
            synchronized (this) {
                if (!open) {
                    return false;
                }
                taken.add(send);
            }
            send.delivered(new SendResult(send.topic(), 0, 0, 0, true, true));
            return true;
        }
    }
}
