package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is held against one user, by the ends of its connections. */
class SuspicionTest {
    private final Suspicion suspicion = new Suspicion();
    private long now;

    private static Closure said(int code) {
        return ScriptedBroker.brokerSays(code, "ended");
    }

    /** Whether the next end is the proof. */
    private boolean proven(int code, boolean alone, Duration later) {
        now += later.toNanos();
        return suspicion.isProvenBy(said(code), alone, now);
    }

    private boolean proven(int code, boolean alone) {
        return proven(code, alone, Duration.ofSeconds(10));
    }

    @Test
    void threeEndsAreTheProofHoweverFarApart() {
        assertThat(proven(501, false)).isFalse();
        assertThat(proven(501, false, Duration.ofHours(1))).isFalse();
        assertThat(suspicion.isDue()).isTrue();
        assertThat(proven(501, true, Duration.ofHours(1))).isTrue();
    }

    @Test
    void nothingIsProvenWhileAnotherHasBeenToldOfTheConnection() {
        for (int i = 0; i < 100; i++) {
            assertThat(proven(501, false)).as("end %d", i).isFalse();
        }
        assertThat(proven(501, true)).isTrue();
    }

    @Test
    void anAnswerForgetsAll() {
        assertThat(proven(501, true)).isFalse();
        assertThat(proven(501, true)).isFalse();
        suspicion.clear();
        assertThat(suspicion.isSuspected()).isFalse();
        assertThat(proven(501, true)).isFalse();
        assertThat(proven(501, true)).isFalse();
        assertThat(proven(501, true)).isTrue();
    }

    /** An election takes as long, and a time without a network is none of it. */
    @Test
    void anInternalErrorIsTheProofOnlyAfterThreeMinutesAndFourEnds() {
        for (int seconds = 0; seconds <= 180; seconds += 10) {
            assertThat(proven(541, true)).as("after %d s", seconds).isFalse();
        }
        assertThat(proven(541, true)).isTrue();

        suspicion.clear();
        for (int i = 0; i < 4; i++) {
            assertThat(proven(541, true, Duration.ofHours(1))).as("end %d", i).isFalse();
        }
        assertThat(proven(541, true)).isTrue();
    }

    @Test
    void whatALimitEndsIsNeverTheProof() {
        for (int i = 0; i < 100; i++) {
            assertThat(suspicion.isProvenBy(
                            ScriptedBroker.brokerSays(
                                    530, "NOT_ALLOWED - connection refused for user 'u': user limit (1) is reached"),
                            true,
                            now))
                    .isFalse();
        }
        assertThat(suspicion.ends()).isZero();
    }
}
