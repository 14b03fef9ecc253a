package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.it.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("long-faults-kafka")
class KafkaServerOwnerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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

    @Test
    void aSignalInTheMiddleOfAStartLeavesNoDirectory(@TempDir Path temporaryFiles) throws Exception {
        Process owner = BrokerOwner.forkIn(temporaryFiles, "run");
        try {
            await("the broker's directory")
                    .atMost(PATIENCE)
                    .until(() -> !brokers(temporaryFiles).isEmpty());

            owner.destroy();

            assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
            await("no directory")
                    .atMost(PATIENCE)
                    .until(() -> brokers(temporaryFiles).isEmpty());
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void aKilledOwnerLeavesNoDirectoryOfABrokerThatRan(@TempDir Path temporaryFiles) throws Exception {
        Process owner = BrokerOwner.forkIn(temporaryFiles, "run");
        try {
            long broker = BrokerOwner.brokerPid(owner);
            assertThat(brokers(temporaryFiles)).hasSize(1);

            owner.destroyForcibly();

            await("the end of the broker").atMost(PATIENCE).until(() -> ProcessState.hasEnded(broker));
            assertThat(brokers(temporaryFiles)).isEmpty();
        } finally {
            owner.destroyForcibly();
        }
    }

    private static List<Path> brokers(Path temporaryFiles) throws IOException {
        try (Stream<Path> all = Files.list(temporaryFiles)) {
            return all.filter(path -> path.getFileName().toString().startsWith("kafka-broker-"))
                    .toList();
        }
    }
}
