package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerHomeTest {
    @Test
    void aStartThatASignalOvertookDoesNotMakeItsDeletedDirectoryAnew(@TempDir Path system) throws Exception {
        Files.createDirectory(system.resolve("tmp"));
        BrokerHome home = BrokerHome.in("kafka-broker-", null, system);
        assertThat(home.root()).isDirectory();

        assertThat(Trees.delete(home.root()))
                .as("as the hook of the signal does")
                .isTrue();

        assertThatThrownBy(() -> home.write(Map.of())).isInstanceOf(UncheckedIOException.class);
        assertThat(home.root()).doesNotExist();
        home.delete();
    }

    @Test
    void aRestartFindsTheDataOfTheRunBefore(@TempDir Path directory) {
        BrokerHome home = BrokerHome.in("kafka-broker-", directory.resolve("node"));
        home.write(Map.of("node.id", "1"));
        home.write(Map.of("node.id", "1"));
        assertThat(home.data()).isDirectory();
    }
}
