package io.microservicekit.messaging.core.internal.shared;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** Two threads in the interleavings that Lincheck finds; each result must be one that some order of the calls, one after another, gives as well. */
final class Interleavings {
    private Interleavings() {}

    static void check(Class<?> operations) {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(1)
                .iterations(8)
                .invocationsPerIteration(120)
                .check(operations);
    }

    /** On real threads, which see each other's writes as late as the memory model allows. */
    static void stress(Class<?> operations) {
        new StressOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .iterations(2)
                .invocationsPerIteration(200)
                .check(operations);
    }
}
