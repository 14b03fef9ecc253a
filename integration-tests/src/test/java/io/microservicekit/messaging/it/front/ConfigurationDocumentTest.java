package io.microservicekit.messaging.it.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import io.microservicekit.messaging.core.internal.ClientOpening;
import io.microservicekit.messaging.core.internal.ConfigKeys;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.kafka.KafkaTls;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.rabbitmq.RabbitMqTls;
import io.microservicekit.messaging.testkit.MemoryBrokerBuilder;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code docs/configuration.md} against the code. A new option needs a row in the table of its builder, a new key one in the table of its backend; a
 * new builder or backend needs a table and an entry here.
 */
class ConfigurationDocumentTest {
    /** Not of the same type: a key cannot say all that the option can. */
    private static final Set<String> DIFFERENT = Set.of("tls", "queueFlavour", "brokers");

    private final OptionTables tables = OptionTables.read("configuration.md");

    static List<Class<?>> builders() {
        return List.of(
                MessagingClientBuilder.class,
                ProducerOptions.Builder.class,
                ConsumerOptionsBuilder.class,
                KafkaOptionsBuilder.class,
                KafkaTls.Builder.class,
                RabbitMqOptionsBuilder.class,
                RabbitMqTls.Builder.class,
                MemoryBrokerBuilder.class);
    }

    private Set<String> documented(String table) {
        return tables.rows(table).stream().map(row -> row.get(0)).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("builders")
    void eachOptionOfABuilderHasARowAndEachRowIsAnOption(Class<?> builder) {
        Set<String> options = Stream.of(builder.getMethods())
                .filter(method -> method.getReturnType() == builder && !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented("options: " + builder.getName()))
                .as("rows of docs/configuration.md behind <!-- options: " + builder.getName() + " -->")
                .isEqualTo(options);
    }

    @Test
    void eachKeyOfTheClientHasARow() {
        assertThat(documented("keys: client")).isEqualTo(new TreeSet<>(ConfigKeys.client()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "rabbitmq", "memory"})
    void eachOwnKeyOfABackendHasARowAndTheOthersAreTheDrivers(String type) {
        Set<String> keys = ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals(type))
                .flatMap(provider -> provider.keys().stream())
                .filter(key -> !type.equals("kafka") || !ofTheDriver(key))
                .map(key -> type + "." + key)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented("keys: " + type)).isNotEmpty().isEqualTo(keys);
    }

    private static boolean ofTheDriver(String key) {
        return ProducerConfig.configNames().contains(key)
                || ConsumerConfig.configNames().contains(key)
                || AdminClientConfig.configNames().contains(key);
    }

    @Test
    void eachKeyIsShownWithItsEnvironmentVariable() {
        for (String table : tables.names()) {
            if (table.startsWith("keys: ")) {
                assertThat(tables.rows(table))
                        .as(table)
                        .isNotEmpty()
                        .allSatisfy(row -> assertThat(row.get(1)).isEqualTo(ConfigKeys.variable(row.get(0))));
            }
        }
    }

    /** With one that means something else the three would be refused as incomplete; as it is, only the broker is missing. */
    @Test
    void theVariablesOfALoginMeanTheKeysThatTheyAreShownFor() {
        MessagingConfig variables = MessagingConfig.fromEnvironment(Map.of(
                "MESSAGING_TYPE", "kafka",
                "MESSAGING_BROKERS", "127.0.0.1:1",
                "MESSAGING_CONNECT_TIMEOUT", "100ms",
                "MESSAGING_KAFKA_TLS", "true",
                "MESSAGING_KAFKA_SASL_MECHANISM", "PLAIN",
                "MESSAGING_KAFKA_SASL_USER", "shop",
                "MESSAGING_KAFKA_SASL_PASSWORD", "p"));

        assertThatThrownBy(MessagingClients.builder().config(variables)::build)
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isNotEqualTo(ErrorCode.INVALID_CONFIG));
    }

    @Test
    void theDefaultsAreThoseOfTheCode() throws Exception {
        assertThat(compared(ProducerOptions.Builder.class, ProducerOptions.defaults()))
                .contains("sendTimeout", "maxInFlight", "maxInFlightBytes", "messageId", "retryUnknown");
        assertThat(compared(ConsumerOptionsBuilder.class, ConsumerOptions.defaults()))
                .contains("exhausted", "ordering", "concurrency", "maxInFlight", "maxUncommitted", "ackMode");
        assertThat(compared(
                        KafkaOptionsBuilder.class,
                        KafkaOptions.builder().brokers("h:1").build()))
                .containsExactlyInAnyOrder("partitioner", "revokeDrain");
        assertThat(compared(
                        RabbitMqOptionsBuilder.class,
                        RabbitMqOptions.builder()
                                .brokers("h:1")
                                .exchange("orders")
                                .build()))
                .contains("prefetchCount", "queueType", "topology", "unroutable", "heartbeat", "holdLimit", "maxHeld");
    }

    @Test
    void theConnectTimeoutIsThatOfTheCodeAsOptionAndAsKey() {
        List<String> documented = new ArrayList<>();
        for (List<String> row : tables.rows("options: " + MessagingClientBuilder.class.getName())) {
            if (row.get(0).equals("connectTimeout")) {
                documented.add(plain(row.get(1)));
            }
        }
        for (List<String> row : tables.rows("keys: client")) {
            if (row.get(0).equals("connect_timeout")) {
                documented.add(plain(row.get(2)));
            }
        }
        assertThat(documented).hasSize(2).containsOnly(plain(String.valueOf(shown(ClientOpening.CONNECT_TIMEOUT))));
    }

    /** Compares what has an accessor and one value; gives the names. */
    private List<String> compared(Class<?> builder, Object defaults) throws ReflectiveOperationException {
        List<String> compared = new ArrayList<>();
        for (List<String> row : tables.rows("options: " + builder.getName())) {
            List<Method> accessors = Stream.of(defaults.getClass().getMethods())
                    .filter(method -> method.getName().equals(row.get(0)) && method.getParameterCount() == 0)
                    .toList();
            Object value = accessors.isEmpty() ? null : accessors.get(0).invoke(defaults);
            if (value instanceof Number
                    || value instanceof Boolean
                    || value instanceof Enum
                    || value instanceof Duration) {
                assertThat(plain(row.get(1))).as(row.get(0)).isEqualTo(plain(String.valueOf(shown(value))));
                compared.add(row.get(0));
            }
        }
        return compared;
    }

    private static Object shown(Object value) {
        return value instanceof Duration duration ? duration.toMillis() + " ms" : value;
    }

    /** Of 16,777,216 and 16 MiB, of CREATE and create the same; without what it depends on. */
    private static String plain(String text) {
        String single = text.replaceFirst("^the lesser of (.*) and a third of .*| when an exchange is named$", "$1");
        DocumentedQuantity quantity = DocumentedQuantity.of(single);
        return quantity == null ? single.toLowerCase(Locale.ROOT) : quantity.toString();
    }

    static List<Arguments> keysAndBuilders() {
        return List.of(
                Arguments.of("client", MessagingClientBuilder.class, 5),
                Arguments.of("kafka", KafkaOptionsBuilder.class, 7),
                Arguments.of("rabbitmq", RabbitMqOptionsBuilder.class, 16),
                Arguments.of("memory", MemoryBrokerBuilder.class, 5));
    }

    @ParameterizedTest
    @MethodSource("keysAndBuilders")
    void aKeyHasTheDefaultOfItsOption(String type, Class<?> builder, int atLeast) {
        List<String> compared = new ArrayList<>();
        for (List<String> option : tables.rows("options: " + builder.getName())) {
            for (List<String> key : tables.rows("keys: " + type)) {
                if (DocumentedQuantity.camel(key.get(0)).equals(option.get(0)) && !DIFFERENT.contains(option.get(0))) {
                    assertThat(plain(key.get(2))).as(key.get(0)).isEqualTo(plain(option.get(1)));
                    compared.add(option.get(0));
                }
            }
        }
        assertThat(compared).as("else this compares little").hasSizeGreaterThanOrEqualTo(atLeast);
    }
}
