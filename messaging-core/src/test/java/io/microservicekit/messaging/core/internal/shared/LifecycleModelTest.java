package io.microservicekit.messaging.core.internal.shared;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many close at once, and look while they do. */
public class LifecycleModelTest {
    private final Lifecycle lifecycle = new Lifecycle();

    @Operation
    public boolean beginClosing() {
        return lifecycle.beginClosing();
    }

    @Operation
    public void closed() {
        lifecycle.closed();
    }

    @Operation
    public boolean isRunning() {
        return lifecycle.isRunning();
    }

    @Operation
    public boolean isClosed() {
        return lifecycle.isClosed();
    }

    @Test
    @Tag("long-model")
    void exactlyOneCallBeginsTheClosing() {
        Interleavings.check(LifecycleModelTest.class);
    }

    @Test
    void theSameHoldsOnRealThreads() {
        Interleavings.stress(LifecycleModelTest.class);
    }
}
