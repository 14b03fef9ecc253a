package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.kafka.KafkaSasl;
import io.microservicekit.messaging.kafka.KafkaStore;
import io.microservicekit.messaging.kafka.KafkaTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The settings that this library chooses, as docs/backends/kafka.md lists them, against what the code hands to the driver. */
class SettingsDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "backends", "kafka.md");
    private static final System.Logger LOGGER = System.getLogger("test");
    /** Whose values are the user's. */
    private static final Set<String> OF_THE_USER = new TreeSet<>(List.of("bootstrap.servers", "client.id", "group.id"));

    private static KafkaOptionsBuilder options() {
        return KafkaOptions.builder().brokers("localhost:9092");
    }

    private static Map<String, Map<String, Object>> settings(KafkaOptions options) {
        BackendContext context = new BackendContext(
                "client", new ManualRuntime(), LOGGER, new MessagingObserver() {}, Duration.ofSeconds(10));
        ProducerOptions producer = ProducerOptions.defaults();
        ProducerSpec spec =
                new ProducerSpec(producer.sendTimeout(), producer.maxInFlight(), producer.maxInFlightBytes(), LOGGER);
        ClientSettings settings = new ClientSettings(options, context);
        Map<String, Map<String, Object>> all = new TreeMap<>();
        all.put("producer", settings.producer("producer-1", spec));
        all.put("consumer", settings.consumer("consumer-1", "group"));
        all.put("admin", settings.admin("admin"));
        return all;
    }

    /** A row of the document for each setting and value: {@code name = value of clients}. */
    private static Set<String> chosen() {
        Map<String, Map<String, Set<String>>> clients = new TreeMap<>();
        settings(options().build())
                .forEach((client, settings) ->
                        settings.forEach((name, value) -> clients.computeIfAbsent(name, key -> new TreeMap<>())
                                .computeIfAbsent(shown(name, value), key -> new TreeSet<>())
                                .add(client)));
        Set<String> rows = new TreeSet<>();
        clients.forEach((name, values) -> values.forEach((value, of) -> rows.add(row(name, value, of))));
        return rows;
    }

    private static String shown(String name, Object value) {
        return OF_THE_USER.contains(name) ? "yours" : String.valueOf(value).replaceFirst("^org\\.apache\\..*\\.", "");
    }

    private static String row(String name, String value, Set<String> clients) {
        return name + " = " + value + " of " + (clients.size() == 3 ? "all" : String.join(", ", clients));
    }

    @Test
    void theTableIsWhatTheDriverIsGiven() throws IOException {
        List<List<String>> table = table("<!-- settings -->");
        assertThat(table.stream()
                        .map(row -> row(row.get(0), row.get(1), new TreeSet<>(Set.of("x")))
                                .replace(" of x", " of " + row.get(2))))
                .containsExactlyInAnyOrderElementsOf(chosen());
        assertThat(table)
                .allSatisfy(row -> assertThat(row.get(4)).as(row.get(0)).isNotBlank());
    }

    @Test
    void whatNobodyMayChangeIsRefusedAndWhatIsAPropertyIsTaken() throws IOException {
        for (List<String> row : table("<!-- settings -->")) {
            KafkaOptionsBuilder changed = options().property(row.get(0), row.get(1));
            if (row.get(3).equals("nobody")) {
                assertThatThrownBy(changed::build).as(row.get(0)).hasMessageContaining("is refused");
            } else if (row.get(3).startsWith("property")) {
                assertThatCode(changed::build).as(row.get(0)).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void whatOptionsAddIsListed() throws IOException {
        Set<String> more = new TreeSet<>();
        KafkaStore store = KafkaStore.pkcs12(Path.of("me.p12"), Secret.of("secret"));
        settings(options()
                        .tls(KafkaTls.builder().trust(store).identity(store).build())
                        .sasl(KafkaSasl.plain("alice", Secret.of("secret")))
                        .sessionTimeout(Duration.ofSeconds(6))
                        .build())
                .values()
                .forEach(settings -> more.addAll(settings.keySet()));
        settings(options().build()).values().forEach(settings -> more.removeAll(settings.keySet()));

        Set<String> listed = new TreeSet<>();
        table("<!-- settings of options -->")
                .forEach(row -> listed.addAll(List.of(row.get(0).split(", ", -1))));
        assertThat(listed).isEqualTo(more);
    }

    /** The rows behind a marker, without the head and without the marks of code. */
    private static List<List<String>> table(String marker) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(DOCUMENT)) {
            inside = line.equals(marker) || (inside && line.startsWith("|"));
            if (inside && line.startsWith("| `")) {
                rows.add(cells(line));
            }
        }
        assertThat(new LinkedHashSet<>(rows)).as(marker).isNotEmpty().hasSameSizeAs(rows);
        return rows;
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.substring(1, line.length() - 1).split("\\|", -1)) {
            cells.add(cell.strip().replace("`", ""));
        }
        return cells;
    }
}
