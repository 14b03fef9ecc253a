package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupTest {
    private static final String COMMAND = "mvn -pl fixtures/kafka-broker generate-resources";

    @Test
    void aSystemPropertyWinsOverTheEnvironment() {
        Map<String, String> variables = Map.of("MESSAGING_KAFKA_BOOTSTRAP", "variable:1");

        assertThat(lookup(Map.of("messaging.kafka.bootstrap", "property:1"), variables)
                        .bootstrapServers())
                .contains("property:1");
        assertThat(lookup(Map.of(), variables).bootstrapServers()).contains("variable:1");
        assertThat(lookup(Map.of("messaging.kafka.bootstrap", " "), Map.of()).bootstrapServers())
                .isEmpty();
    }

    @Test
    void nothingGivenSaysHowToGetABroker() {
        assertThatThrownBy(() -> lookup(Map.of(), Map.of()).brokerLibrary())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("neither its address nor its jars are given")
                .hasMessageContaining(COMMAND)
                .hasMessageContaining("-Dmessaging.kafka.broker.lib or MESSAGING_KAFKA_BROKER_LIB")
                .hasMessageContaining("-Dmessaging.kafka.bootstrap or MESSAGING_KAFKA_BOOTSTRAP");
    }

    @Test
    void aDirectoryThatIsNotThereIsNamed(@TempDir Path directory) {
        Path missing = directory.resolve("lib");

        assertThatThrownBy(() -> libraryIn(missing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'" + missing + "' is no directory")
                .hasMessageContaining(COMMAND);
    }

    @Test
    void aLibraryHoldsExactlyOneBroker(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> libraryIn(directory)).hasMessageContaining("but holds []");

        Files.createFile(directory.resolve("kafka_2.13-4.4.0.jar"));
        assertThat(libraryIn(directory)).isEqualTo(directory);

        Files.createFile(directory.resolve("kafka_2.13-4.3.0.jar"));
        assertThatThrownBy(() -> libraryIn(directory))
                .hasMessageContaining("but holds [kafka_2.13-4.3.0.jar, kafka_2.13-4.4.0.jar]");
    }

    private static Path libraryIn(Path directory) {
        return lookup(Map.of("messaging.kafka.broker.lib", directory.toString()), Map.of())
                .brokerLibrary();
    }

    private static Lookup lookup(Map<String, String> properties, Map<String, String> variables) {
        return new Lookup(properties::get, variables::get);
    }
}
