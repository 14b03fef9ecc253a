package io.microservicekit.messaging.kafka.internal.shared;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two make it at once while a third closes. */
@Param(name = "made", gen = IntGen.class, conf = "1:3")
public class KeptUntilClosedModelTest {
    private final KeptUntilClosed<Integer> kept = new KeptUntilClosed<>();

    @Operation
    public @Nullable Integer keep(@Param(name = "made") int made) {
        return kept.keep(made);
    }

    @Operation
    public @Nullable Integer kept() {
        return kept.kept();
    }

    @Operation
    public @Nullable Integer close() {
        return kept.close();
    }

    @Test
    void theFirstIsKeptAndItsCloserAloneGetsItBack() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(4)
                .invocationsPerIteration(150)
                .check(KeptUntilClosedModelTest.class);
    }
}
