package io.microservicekit.messaging.core.internal.shared;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One thread counts and reads, so that no count is under way when it reads; others reset: what it reads is from before or from after a reset. */
@Tag("long-model")
public class CurrentCountsModelTest {
    private final CurrentCounts current = new CurrentCounts();

    @Operation(nonParallelGroup = "counting")
    public void handled() {
        current.get().handled("orders");
    }

    @Operation(nonParallelGroup = "counting")
    public String read() {
        MessageCounts counts = current.get();
        return counts.messagesConsumed() + " " + counts.topicConsumed();
    }

    @Operation
    public void reset() {
        current.reset();
    }

    @Test
    void nobodyReadsHalfAReset() {
        Interleavings.check(CurrentCountsModelTest.class);
    }

    @Test
    void theSameHoldsOnRealThreads() {
        Interleavings.stress(CurrentCountsModelTest.class);
    }
}
