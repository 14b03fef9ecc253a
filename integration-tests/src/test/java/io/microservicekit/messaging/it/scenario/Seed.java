package io.microservicekit.messaging.it.scenario;

import java.util.SplittableRandom;

/** Where random tests begin. */
public final class Seed {
    private Seed() {}

    /** A random source; prints how to replay it. */
    public static SplittableRandom random() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("replay with -Dseed=" + seed);
        return new SplittableRandom(seed);
    }
}
