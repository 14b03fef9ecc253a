package io.microservicekit.messaging.kafka.internal.shared;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Several want a number. */
public class NumbersModelTest {
    private final Numbers numbers = new Numbers();

    @Operation
    public int next() {
        return numbers.next();
    }

    @Test
    void noNumberIsGivenTwice() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(4)
                .invocationsPerIteration(150)
                .check(NumbersModelTest.class);
    }
}
