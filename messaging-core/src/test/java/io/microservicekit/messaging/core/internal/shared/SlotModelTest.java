package io.microservicekit.messaging.core.internal.shared;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several want the one place. */
@Param(name = "thing", gen = IntGen.class, conf = "1:2")
public class SlotModelTest {
    private final Slot<Integer> slot = new Slot<>();

    @Operation
    public boolean take(@Param(name = "thing") int thing) {
        return slot.take(thing);
    }

    @Operation
    public void free(@Param(name = "thing") int thing) {
        slot.free(thing);
    }

    @Operation
    public @Nullable Integer content() {
        return slot.content();
    }

    @Test
    void oneTakesTheSlotAndOnlyItFreesIt() {
        Interleavings.check(SlotModelTest.class);
    }

    @Test
    void theSameHoldsOnRealThreads() {
        Interleavings.stress(SlotModelTest.class);
    }
}
