package io.microservicekit.messaging.kafka.internal.shared;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** A close reads how many sends are without confirmation while the driver ends them. */
public class InFlightSendsModelTest {
    private final InFlightSends sends = new InFlightSends();

    @Operation
    public void taken() {
        sends.taken();
    }

    @Operation
    public void ended() {
        sends.ended();
    }

    @Operation
    public long unconfirmed() {
        return sends.unconfirmed();
    }

    @Test
    void eachSendIsCountedFromTakenToEnded() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(4)
                .invocationsPerIteration(150)
                .check(InFlightSendsModelTest.class);
    }
}
