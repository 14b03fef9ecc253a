package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaServerOwnerIT {
    @ParameterizedTest
    @ValueSource(strings = {"run", "freeze"})
    void theBrokerIsGoneWhenTheJvmThatOwnsItWasKilled(String mode, @TempDir Path directory) throws Exception {
        Process owner = BrokerOwner.fork(directory, mode);
        try {
            ProcessHandle broker =
                    ProcessHandle.of(BrokerOwner.brokerPid(owner)).orElseThrow();
            try {
                theBrokerEndsWithItsOwner(owner, broker, mode);
            } finally {
                broker.destroyForcibly();
            }
        } finally {
            owner.destroyForcibly();
        }
    }

    private static void theBrokerEndsWithItsOwner(Process owner, ProcessHandle broker, String mode) throws Exception {
        assertThat(ProcessState.hasEnded(broker.pid())).isFalse();
        assertThat(ProcessState.isStopped(broker.pid())).isEqualTo(mode.equals("freeze"));

        owner.destroyForcibly();

        assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
        await("the end of the broker with process id " + broker.pid())
                .atMost(Duration.ofSeconds(10))
                .until(() -> ProcessState.hasEnded(broker.pid()));
    }
}
