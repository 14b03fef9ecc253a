package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProofConcurrentTest {
    @Test
    void aProofIsSeenByAllThreadsAndNotAskedForAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Proof proof = new Proof(() -> asked.incrementAndGet() > 1);
        assertThat(proof.isGiven()).isFalse();
        Thread other = new Thread(() -> assertThat(proof.isGiven()).isTrue());
        other.start();
        other.join();
        assertThat(proof.isGiven()).isTrue();
        assertThat(asked).hasValue(2);
    }
}
