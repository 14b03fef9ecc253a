package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several find a driver useless at once, while another one is put into its place and the producer closes. */
@Param(name = "driver", gen = IntGen.class, conf = "1:2")
public class DriverSlotModelTest {
    private static final Impediment IMPEDIMENT = new Impediment(ErrorCode.AUTHENTICATION, "refused");

    private final DriverSlot<Integer> slot = new DriverSlot<>();

    @Operation
    public boolean put(@Param(name = "driver") int driver) {
        return slot.put(driver);
    }

    @Operation
    public boolean takeOut(@Param(name = "driver") int driver) {
        return slot.takeOut(driver, IMPEDIMENT);
    }

    @Operation
    public void works(@Param(name = "driver") int driver) {
        slot.works(driver);
    }

    @Operation
    public boolean impeded() {
        return slot.impediment() != null;
    }

    @Operation
    public @Nullable Integer driver() {
        return slot.driver();
    }

    @Operation
    public boolean isClosed() {
        return slot.isClosed();
    }

    @Operation
    public @Nullable Integer close() {
        return slot.close();
    }

    @Test
    void aSecondDriverIsNotPutInTheOnesPlace() {
        assertThat(slot.put(1)).isTrue();
        assertThat(slot.put(2)).isFalse();
        assertThat(slot.isIn(1)).isTrue();
    }

    @Test
    void oneTakesADriverOutAndNoneIsPutInAfterTheClose() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(4)
                .invocationsPerIteration(150)
                .check(DriverSlotModelTest.class);
    }
}
