package io.microservicekit.messaging.it.rabbitmq;

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

@Tag("long-faults-rabbitmq")
class RabbitMqServerOwnerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {"run", "freeze"})
    void nothingOfTheNodeIsLeftWhenTheJvmThatOwnsItWasKilled(String mode, @TempDir Path temporaryFiles)
            throws Exception {
        Process owner = RabbitMqOwner.fork(temporaryFiles, mode);
        try {
            long node = RabbitMqOwner.nodePid(owner);
            List<Long> processes = RabbitMqProcesses.ofTheNode(node);
            assertThat(processes).contains(node).hasSizeGreaterThan(2);
            assertThat(ProcessState.isStopped(node)).isEqualTo(mode.equals("freeze"));
            assertThat(nodes(temporaryFiles)).hasSize(1);

            owner.destroyForcibly();

            assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
            for (long each : processes) {
                await("the end of the process " + each).atMost(PATIENCE).until(() -> ProcessState.hasEnded(each));
            }
            await("no directory")
                    .atMost(PATIENCE)
                    .until(() -> nodes(temporaryFiles).isEmpty());
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void aSignalInTheMiddleOfAStartLeavesNoDirectory(@TempDir Path temporaryFiles) throws Exception {
        Process owner = RabbitMqOwner.fork(temporaryFiles, "run");
        try {
            await("the node's data")
                    .atMost(PATIENCE)
                    .until(() -> nodes(temporaryFiles).stream().anyMatch(each -> Files.exists(each.resolve("data"))));

            owner.destroy();

            assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
            await("no directory")
                    .atMost(PATIENCE)
                    .until(() -> nodes(temporaryFiles).isEmpty());
        } finally {
            owner.destroyForcibly();
        }
    }

    private static List<Path> nodes(Path temporaryFiles) throws IOException {
        try (Stream<Path> all = Files.list(temporaryFiles)) {
            return all.filter(path -> path.getFileName().toString().startsWith("rabbitmq-node-"))
                    .toList();
        }
    }
}
