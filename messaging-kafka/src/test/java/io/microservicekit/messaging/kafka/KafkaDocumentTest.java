package io.microservicekit.messaging.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.kafka.internal.KafkaBackendProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of docs/backends/kafka.md are here, so that they compile. */
class KafkaDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "backends", "kafka.md");
    private static final Path HERE =
            Path.of("src", "test", "java", "io", "microservicekit", "messaging", "kafka", "KafkaDocumentTest.java");

    @Test
    void theSecuredExampleIsValid() {
        KafkaOptions options = KafkaOptions.builder()
                .brokers("kafka.example:9093")
                .tls(KafkaTls.builder()
                        .trust(KafkaStore.pem(Path.of("/etc/kafka/ca.pem")))
                        .build())
                .sasl(KafkaSasl.scramSha512("orders", Secret.suppliedBy(() -> readPassword())))
                .build();
        assertThat(options.properties()).containsEntry("security.protocol", "SASL_SSL");
    }

    @Test
    void eachLineOfEachExampleStandsHere() throws Exception {
        List<String> here = Files.readAllLines(HERE).stream().map(String::strip).toList();
        List<String> examples = examples();
        assertThat(examples).isNotEmpty();
        assertThat(here).containsAll(examples);
    }

    @Test
    void theTableNamesEachKeyOfOurs() throws Exception {
        String document = Files.readString(DOCUMENT);
        assertThat(new KafkaBackendProvider()
                        .keys().stream().filter(key -> key.indexOf('.') < 0 && key.indexOf('_') > 0))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
    }

    private static List<String> examples() throws Exception {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith("```")) {
                inside = line.equals("```java");
            } else if (inside && !line.isBlank()) {
                lines.add(line.strip());
            }
        }
        return lines;
    }

    private static String readPassword() {
        return "";
    }
}
