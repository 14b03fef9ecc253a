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
            long broker = BrokerOwner.brokerPid(owner);
            assertThat(ProcessState.hasEnded(broker)).isFalse();
            assertThat(ProcessState.isStopped(broker)).isEqualTo(mode.equals("freeze"));

            owner.destroyForcibly();

            assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
            await("the end of the broker with process id " + broker)
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> ProcessState.hasEnded(broker));
        } finally {
            owner.destroyForcibly();
        }
    }
}
