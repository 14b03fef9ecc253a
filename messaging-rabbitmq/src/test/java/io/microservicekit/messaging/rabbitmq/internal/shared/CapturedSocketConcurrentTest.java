package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

class CapturedSocketConcurrentTest {
    private static final int ROUNDS = 2_000;

    @Test
    void aSocketThatIsMadeWhileItsAttemptIsGivenUpIsClosedInTheEnd() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            CapturedSocket captured = new CapturedSocket();
            RecordingSocket socket = new RecordingSocket();
            CyclicBarrier start = new CyclicBarrier(2);
            Thread maker = new Thread(() -> {
                meet(start);
                captured.made(socket);
            });
            maker.start();
            meet(start);
            captured.close();
            maker.join();
            assertThat(socket.isClosed()).as("round %d", round).isTrue();
        }
    }

    private static void meet(CyclicBarrier start) {
        try {
            start.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
