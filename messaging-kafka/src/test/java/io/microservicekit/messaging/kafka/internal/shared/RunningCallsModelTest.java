package io.microservicekit.messaging.kafka.internal.shared;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A call begins while all are being ended: it is ended by one of the two, or by both. */
public class RunningCallsModelTest {
    private final RunningCalls running = new RunningCalls();
    private volatile boolean ended;
    private volatile boolean closed;

    @Operation(runOnce = true)
    public boolean isEndedAfterItBegan() {
        running.begins(() -> ended = true);
        boolean over = closed;
        return ended || !over;
    }

    @Operation(runOnce = true)
    public void close() {
        running.close();
        closed = true;
    }

    @Test
    void noneThatBeginsIsForgotten() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(1)
                .iterations(2)
                .invocationsPerIteration(200)
                .check(RunningCallsModelTest.class);
    }
}
