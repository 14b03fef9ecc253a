package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ClientRandomSimTest {
    private static final int FIXED_SEEDS = 1_000;
    private static final int LONG_SEEDS = 10_000;
    private static final List<String> SITUATIONS = List.of(
            "a commit of a lost session was refused",
            "a confirm was lost",
            "a dead letter failed",
            "a failed subscription was replaced",
            "a fourth attempt",
            "a handler was abandoned",
            "a key was retried while later messages are handled",
            "a late failure was dropped",
            "a late result was dropped",
            "another joined in mid-run",
            "another joined while a dead letter cannot be written",
            "another joined while parked",
            "committed before the handler ended",
            "committed out of order",
            "crashed in mid-run",
            "crashed while a dead letter cannot be written",
            "crashed while a dead letter is unconfirmed",
            "crashed while parked",
            "crashed while two keys are parked",
            "dead-lettered",
            "disconnected in mid-run",
            "disconnected while a dead letter is unconfirmed",
            "disconnected while parked",
            "drained in a shutdown",
            "paused in mid-run",
            "paused while a dead letter cannot be written",
            "paused while a dead letter is unconfirmed",
            "paused while parked",
            "paused while two keys are parked",
            "recycled while held",
            "redelivered",
            "resumed",
            "returned by a shutdown",
            "revoked in mid-run",
            "revoked while a dead letter cannot be written",
            "revoked while a dead letter is unconfirmed",
            "revoked while parked",
            "revoked while two keys are parked",
            "session lost in mid-run",
            "session lost while a dead letter cannot be written",
            "session lost while a dead letter is unconfirmed",
            "session lost while parked",
            "session lost while two keys are parked",
            "shut down in mid-run",
            "shut down while a dead letter cannot be written",
            "shut down while a dead letter is unconfirmed",
            "shut down while parked",
            "shut down while two keys are parked");

    @Test
    void nothingIsLostWhateverHappensAndEachRareSituationIsReached() {
        Marks marks = new Marks();
        Long replayed = Long.getLong("seed");
        if (replayed != null) {
            run(replayed, marks);
            return;
        }
        for (long seed = 1; seed <= FIXED_SEEDS; seed++) {
            run(seed, marks);
        }
        assertThat(marks.never(SITUATIONS))
                .as("situations that no seed reaches; reached were %s", marks.table())
                .isEmpty();
    }

    @Test
    @Tag("long-sim")
    void nothingIsLostWithTenThousandAndFreshSeedsEither() {
        Marks marks = new Marks();
        long fresh = new java.security.SecureRandom().nextLong();
        for (int i = 1; i <= LONG_SEEDS; i++) {
            run(FIXED_SEEDS + i, marks);
            run(fresh + i, marks);
        }
        System.out.println("Random simulation of " + LONG_SEEDS + " fixed seeds and as many fresh ones from " + fresh
                + " on:" + marks.table());
        assertThat(marks.never(SITUATIONS))
                .as("situations that no seed reaches")
                .isEmpty();
    }

    private static void run(long seed, Marks marks) {
        try (RandomScenario scenario = new RandomScenario(seed, marks)) {
            scenario.run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "Replay with -Dtest=ClientRandomSimTest -Dseed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
