package io.microservicekit.messaging.it.kafka;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;

/** Revocations of the members in this process, seen where nobody else can: a poll thread waits in them for handlers that run. */
final class Revocations {
    private static final String WHERE = "io.microservicekit.messaging.kafka.internal.Rebalances";

    private Revocations() {}

    /** Returns while a partition is taken from a member and a handler works on it; fails as "did not test" when that does not come. */
    static void awaitOneThatMeetsRunningHandlers(Duration patience) {
        await("did not test: a revocation that waits for a running handler")
                .pollInterval(Duration.ofMillis(20))
                .atMost(patience)
                .until(Revocations::isWaitedFor);
    }

    private static boolean isWaitedFor() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(WHERE)
                        && frame.getMethodName().equals("awaitDrain"));
    }
}
