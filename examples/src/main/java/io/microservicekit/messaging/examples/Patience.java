package io.microservicekit.messaging.examples;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what must come, but not for ever. */
final class Patience {
    static final Duration LIMIT = Duration.ofSeconds(60);

    private Patience() {}

    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new StoryBroken("waited " + Narrator.seconds(LIMIT) + " in vain until " + what);
            }
            Thread.sleep(5);
        }
    }
}
