package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The columns "default" and "native key" of the keys of Kafka in docs/configuration.md, against what the driver is given. */
class NativeKeysDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");
    private static final Pattern TIME = Pattern.compile("(\\d+) (s|min)");
    private static final System.Logger LOGGER = System.getLogger("test");
    /** A value for each that has a native key, with what it cannot be without. */
    private static final Map<String, String> SAMPLES = samples();

    private static Map<String, String> samples() {
        String trust = "tls=true tls_trust_store=ca.p12 tls_trust_type=pkcs12 tls_trust_password=CANARY";
        String identity = "tls=true tls_key_store=me.p12 tls_key_type=pkcs12 tls_key_password=CANARY";
        Map<String, String> samples = new TreeMap<>();
        samples.put("request_timeout", "request_timeout=2s");
        samples.put("session_timeout", "session_timeout=7s");
        samples.put("max_poll_interval", "max_poll_interval=60s");
        samples.put("metadata_max_age", "metadata_max_age=5s");
        samples.put("group_protocol", "group_protocol=consumer");
        samples.put("tls", "tls=true");
        samples.put("tls_trust_store", "tls=true tls_trust_store=ca.pem");
        samples.put("tls_trust_type", trust);
        samples.put("tls_trust_password", trust);
        samples.put("tls_key_store", "tls=true tls_key_store=me.pem");
        samples.put("tls_key_type", identity);
        samples.put("tls_key_password", identity);
        samples.put("sasl_mechanism", "tls=true sasl_mechanism=plain sasl_user=alice sasl_password=CANARY");
        return samples;
    }

    private static Map<String, String> driver(String given) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String pair : given.isEmpty() ? new String[0] : given.split(" ", -1)) {
            values.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        Settings settings = Settings.of(List.of("h:1"), values);
        KafkaOptions options = (KafkaOptions) new KafkaBackendProvider().options(settings);
        assertThat(settings.violations()).isEmpty();
        BackendContext context = new BackendContext(
                "client", new ManualRuntime(), LOGGER, new MessagingObserver() {}, Duration.ofSeconds(10));
        ProducerOptions producer = ProducerOptions.defaults();
        ProducerSpec spec =
                new ProducerSpec(producer.sendTimeout(), producer.maxInFlight(), producer.maxInFlightBytes(), LOGGER);
        ClientSettings clients = new ClientSettings(options, context);
        Map<String, String> all = new TreeMap<>();
        ProducerConfig.configDef().defaultValues().forEach((name, value) -> all.put(name, String.valueOf(value)));
        ConsumerConfig.configDef().defaultValues().forEach((name, value) -> all.put(name, String.valueOf(value)));
        clients.producer("producer-1", spec).forEach((name, value) -> all.put(name, String.valueOf(value)));
        clients.consumer("consumer-1", "group").forEach((name, value) -> all.put(name, String.valueOf(value)));
        return all;
    }

    /**
     * A row of the document.
     *
     * @param key without the name of the backend
     * @param natives those it sets
     */
    private record Row(String key, String preset, List<String> natives) {
        static Row of(String line) {
            String[] cells = line.replace("`", "").split("\\|", -1);
            String natives = cells[5].strip();
            return new Row(
                    cells[1].strip().substring("kafka.".length()),
                    cells[3].strip(),
                    natives.isEmpty() ? List.of() : List.of(natives.split(", ", -1)));
        }
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(DOCUMENT)) {
            inside = line.equals("<!-- keys: kafka -->") || (inside && line.startsWith("|"));
            if (inside && line.startsWith("| `")) {
                rows.add(Row.of(line));
            }
        }
        return rows;
    }

    static Stream<Row> withNativeKey() throws IOException {
        return rows().stream().filter(row -> !row.natives().isEmpty());
    }

    @Test
    void eachRowWithANativeKeyIsCompared() throws IOException {
        assertThat(withNativeKey().map(Row::key)).containsExactlyInAnyOrderElementsOf(SAMPLES.keySet());
    }

    @ParameterizedTest
    @MethodSource("withNativeKey")
    void aKeySetsTheNativeKeyThatIsShown(Row row) {
        Map<String, String> unset = driver("");
        Map<String, String> set = driver(sample(row.key()));
        assertThat(row.natives())
                .allSatisfy(
                        name -> assertThat(set.get(name)).as(name).isNotNull().isNotEqualTo(unset.get(name)));
    }

    private static String sample(String key) {
        return SAMPLES.getOrDefault(key, "");
    }

    @ParameterizedTest
    @MethodSource("withNativeKey")
    void aTimeThatIsShownAsDefaultIsTheDriversWithoutTheKey(Row row) {
        Matcher time = TIME.matcher(row.preset());
        if (time.matches()) {
            int unit = time.group(2).equals("s") ? 1_000 : 60_000;
            assertThat(driver(""))
                    .containsEntry(row.natives().get(0), String.valueOf(unit * Integer.parseInt(time.group(1))));
        }
    }
}
