package io.microservicekit.messaging.core.internal.shared;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** The loop closes and reads; the one handler thread of the run asks before each message and publishes after it. */
public class RunGateModelTest {
    private final RunGate gate = new RunGate();
    private int done;

    /** Whether the run was withdrawn: then no handler thread enters it. */
    @Operation
    public boolean close() {
        return gate.close();
    }

    @Operation(nonParallelGroup = "handler")
    public boolean enter() {
        return gate.enter();
    }

    @Operation
    public boolean isEntered() {
        return gate.isEntered();
    }

    @Operation
    public int completed() {
        return gate.completed();
    }

    /** The handler thread asks whether it may start the next message. */
    @Operation(nonParallelGroup = "handler")
    public boolean isOpen() {
        return gate.isOpen();
    }

    /** The handler thread ends a message. */
    @Operation(nonParallelGroup = "handler")
    public void progress() {
        gate.progress(++done);
    }

    @Test
    void aClosedGateIsSeenClosedAndProgressIsNeverAheadOfTheWork() {
        Interleavings.check(RunGateModelTest.class);
    }

    @Test
    void theSameHoldsOnRealThreads() {
        Interleavings.stress(RunGateModelTest.class);
    }
}
