package io.microservicekit.messaging.core.internal.shared;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Several threads meet the same trouble. */
public class LoggedOnceModelTest {
    private final LoggedOnce logged = new LoggedOnce();

    @Operation
    public boolean first() {
        return logged.first();
    }

    @Test
    void oneCallerIsTheFirst() {
        Interleavings.check(LoggedOnceModelTest.class);
    }

    @Test
    void theSameHoldsOnRealThreads() {
        Interleavings.stress(LoggedOnceModelTest.class);
    }
}
