package io.microservicekit.messaging.it.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ranges of {@code docs/configuration.md} against the code: each bound is taken, what is next to it is refused by its name; by the builders
 * and by the keys. All of it fails before any I/O, since something else is wrong too.
 */
class RangesDocumentTest {
    private static final OptionTables TABLES = OptionTables.read("configuration.md");
    private static final Map<String, Supplier<Object>> BUILDERS = builders();

    private static Map<String, Supplier<Object>> builders() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("core.MessagingClientBuilder", MessagingClients::builder);
        all.put("api.ProducerOptions$Builder", ProducerOptions::builder);
        all.put("api.ConsumerOptionsBuilder", ConsumerOptions::builder);
        all.put("kafka.KafkaOptionsBuilder", () -> KafkaOptions.builder().brokers("h:1"));
        all.put(
                "rabbitmq.RabbitMqOptionsBuilder",
                () -> RabbitMqOptions.builder().brokers("h:1"));
        all.put("testkit.MemoryBrokerBuilder", MemoryBroker::builder);
        return all;
    }

    /**
     * An option, or a key, that has a range.
     *
     * @param table where it stands
     * @param name as in the document
     */
    private record Ranged(String table, String name, DocumentedQuantity low, DocumentedQuantity high) {
        static Stream<Ranged> of(String table, int column) {
            return TABLES.rows(table).stream()
                    .map(row -> of(table, row.get(0), row.get(column)))
                    .filter(ranged -> ranged.low != null && ranged.high != null);
        }

        /** Of "1 s to 24 h, and so on"; a third of the longest time between polls is that of its default. */
        private static Ranged of(String table, String name, String range) {
            String plain = range.replaceAll("a third of \\w+", "100 s")
                    .replaceAll("( bytes| characters| of letters)?(, .*)?$", "");
            int to = plain.indexOf(" to ");
            DocumentedQuantity low = to < 0 ? null : DocumentedQuantity.of(plain.substring(0, to));
            DocumentedQuantity high = to < 0 ? null : DocumentedQuantity.of(plain.substring(to + " to ".length()));
            return new Ranged(table, name, low, high);
        }

        private long step() {
            return name.endsWith("heartbeat") ? 1_000 : 1;
        }

        private boolean mayBeEmpty() {
            return isText() && low.millis() == 0;
        }

        private boolean isText() {
            return name.matches(".*([eE]xchange|virtual_host|virtualHost|clientId|connection_name|connectionName)");
        }

        /** As errors name it. */
        private String option() {
            if (name.startsWith("kafka.create_")) {
                return "topology";
            }
            return DocumentedQuantity.camel(name);
        }

        @Override
        public String toString() {
            return table + " " + name;
        }
    }

    static Stream<Ranged> options() {
        return BUILDERS.keySet().stream()
                .flatMap(name -> Ranged.of("options: io.microservicekit.messaging." + name, 2));
    }

    static Stream<Ranged> keys() {
        return Stream.of("kafka", "rabbitmq", "memory").flatMap(type -> Ranged.of("keys: " + type, 3));
    }

    @Test
    void manyHaveARange() {
        assertThat(options()).as("else the tests below compare little").hasSizeGreaterThan(25);
        assertThat(keys()).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("options")
    void aBuilderTakesTheBoundsAndNothingBeyond(Ranged option) {
        compare(option, value -> problems(() -> build(option, value)));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aKeyTakesTheBoundsAndNothingBeyond(Ranged key) {
        compare(key, value -> problems(() -> configure(key, value)));
    }

    private static void compare(Ranged ranged, Function<DocumentedQuantity, String> problems) {
        String named = "(?s).*\\b" + ranged.option() + "\\b.*";
        assertThat(problems.apply(ranged.low())).doesNotMatch(named);
        assertThat(problems.apply(ranged.high())).doesNotMatch(named);
        if (!ranged.mayBeEmpty()) {
            assertThat(problems.apply(ranged.low().plus(-ranged.step()))).matches(named);
        }
        assertThat(problems.apply(ranged.high().plus(ranged.step()))).matches(named);
    }

    private static String problems(Runnable attempt) {
        Throwable error = catchThrowable(attempt::run);
        return error instanceof InvalidConfigurationException
                ? error.getMessage()
                : error == null ? "" : "not typed: " + error;
    }

    private static void build(Ranged option, DocumentedQuantity value) {
        Object builder = BUILDERS.get(option.table().substring("options: io.microservicekit.messaging.".length()))
                .get();
        if (option.table().endsWith("MessagingClientBuilder")) {
            call(builder, "brokers", List.of("wrong"));
        }
        Method method = Stream.of(builder.getClass().getMethods())
                .filter(each -> each.getName().equals(option.name()) && each.getParameterCount() == 1)
                .filter(each -> !each.getParameterTypes()[0].isArray())
                .findFirst()
                .orElseThrow();
        invoke(builder, method, value.as(method.getParameterTypes()[0]));
        invoke(builder, method(builder, "build"));
    }

    private static void call(Object builder, String name, List<String> value) {
        try {
            invoke(builder, builder.getClass().getMethod(name, List.class), value);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    private static Method method(Object builder, String name) {
        try {
            return builder.getClass().getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    private static void invoke(Object builder, Method method, Object... arguments) {
        try {
            method.invoke(builder, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static void configure(Ranged key, DocumentedQuantity value) {
        String type = key.table().substring("keys: ".length());
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("type", type);
        values.put("nonsense", "so that nothing is opened");
        if (!type.equals("memory")) {
            values.put("brokers", "h:1");
        }
        for (String both : key.name().startsWith("kafka.create_")
                ? List.of("kafka.create_partitions", "kafka.create_replication")
                : List.<String>of()) {
            values.put(both, 1);
        }
        values.put(key.name(), text(key, value));
        MessagingClients.builder().config(MessagingConfig.from(values)).build();
    }

    private static Object text(Ranged key, DocumentedQuantity value) {
        if (key.isText()) {
            return value.as(String.class);
        }
        return key.high().time() ? value.millis() + "ms" : value.as(long.class);
    }
}
