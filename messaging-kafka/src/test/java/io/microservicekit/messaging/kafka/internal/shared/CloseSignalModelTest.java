package io.microservicekit.messaging.kafka.internal.shared;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** Some end it, some look at it. */
@Param(name = "nanos", gen = IntGen.class, conf = "1:3")
public class CloseSignalModelTest {
    private final CloseSignal signal = new CloseSignal();

    @Operation
    public boolean atTheLatest(@Param(name = "nanos") int deadline) {
        return signal.atTheLatest(deadline);
    }

    @Operation
    public boolean isGiven() {
        return signal.isGiven();
    }

    @Operation
    public boolean isOver(@Param(name = "nanos") int now) {
        return signal.isOver(now);
    }

    @Operation
    public long remaining() {
        return signal.remainingNanos(0);
    }

    @Test
    void theEarliestDeadlineHoldsAndWhoeverBroughtItForwardKnows() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(4)
                .invocationsPerIteration(150)
                .check(CloseSignalModelTest.class);
    }
}
