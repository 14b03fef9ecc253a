package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.core.RecordedLog;
import io.microservicekit.messaging.core.SimpleTracer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationTest {
    private static final Map<String, Object> BROKEN = Map.of("connect_timeout", "5", "clientId", "x");
    private static final Map<String, String> RABBIT = Map.of("type", "rabbitmq", "url", "amqp://h");

    private static final InstrumentationSettings UNTRACED =
            new InstrumentationSettings(false, false, null, List.of(), SimpleTracer::new);

    private final RecordedLog logger = new RecordedLog();

    private ClientPlan plan(BackendChoice choice) {
        return plan(choice, null, null, null);
    }

    private ClientPlan plan(
            BackendChoice choice, @Nullable String id, @Nullable Duration timeout, @Nullable Startup startup) {
        ClientSettings settings =
                new ClientSettings(choice, id, timeout, startup, logger, List.of(), UNTRACED, null, null);
        return new ClientPlanning(settings, Providers.of(List.of(new RabbitLike()))).plan("Building a client");
    }

    private static BackendChoice configured(ConfigSource... sources) {
        return new BackendChoice(null, null, null, null, List.of(sources));
    }

    private RabbitLike.Read read(ConfigSource... sources) {
        return (RabbitLike.Read) plan(configured(sources)).options();
    }

    private static InvalidConfigurationException refusal(ThrowingCallable planning) {
        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(planning);
        assertThat(thrown).isInstanceOf(InvalidConfigurationException.class);
        return (InvalidConfigurationException) thrown;
    }

    @Test
    void aListOrMapThatItsCallerChangesAfterwardsChangesNothing() {
        List<String> brokers = new ArrayList<>(List.of("a:1"));
        Map<String, Object> values =
                new LinkedHashMap<>(Map.of("type", "rabbitmq", "url", "amqp://h", "brokers", brokers));
        ConfigSource source = ConfigSource.of(values);
        brokers.add("b:2");
        values.put("rabbitmq", Map.of("durable", false));
        assertThat(read(source).brokers).containsExactly("a:1");
        assertThat(read(source).durable).isTrue();
    }

    @Test
    void theKeysOfTheSeedAreReadFromANestedMap() {
        Map<String, Object> rabbitmq = Map.of(
                "exchange",
                "orders",
                "exchange_type",
                "fanout",
                "durable",
                false,
                "auto_ack",
                true,
                "prefetch_count",
                20,
                "confirm",
                false);
        RabbitLike.Read read =
                read(ConfigSource.of(Map.of("type", "rabbitmq", "url", "amqp://h", "rabbitmq", rabbitmq)));

        assertThat(read.url).isEqualTo("amqp://h");
        assertThat(read.exchange).isEqualTo("orders");
        assertThat(read.exchangeType).isEqualTo("fanout");
        assertThat(read.durable).isFalse();
        assertThat(read.autoAck).isTrue();
        assertThat(read.prefetchCount).isEqualTo(20);
        assertThat(read.confirm).isFalse();
    }

    @Test
    void omittedDurableAndConfirmMeanOnAsDoesANullFromYaml() {
        Map<String, Object> values = new LinkedHashMap<>(RABBIT);
        values.put("rabbitmq", Collections.singletonMap("durable", null));

        assertThat(read(ConfigSource.of(values)).durable).isTrue();
        assertThat(read(ConfigSource.of(values)).confirm).isTrue();
    }

    @Test
    void nestedKeysAndKeysWithDotsMeanTheSame() {
        for (Map<String, ?> section : List.of(
                Map.of("rabbitmq", Map.of("heart", Map.of("beat", "3s"))),
                Map.of("rabbitmq", Map.of("heart.beat", "3s")),
                Map.of("rabbitmq.heart", Map.of("beat", "3s")),
                Map.of("rabbitmq.heart.beat", "3s"))) {
            assertThat(read(ConfigSource.of(RABBIT), ConfigSource.of(section)).heartbeat)
                    .isEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void propertiesHaveTheSameKeysWithDotsAndTheirDefaultsCount() {
        Properties defaults = new Properties();
        defaults.setProperty("type", "rabbitmq");
        Properties properties = new Properties(defaults);
        properties.setProperty("brokers", "a:1,b:2");
        properties.setProperty("rabbitmq.prefetch_count", "7");

        RabbitLike.Read read = read(ConfigSource.of(properties));

        assertThat(read.brokers).containsExactly("a:1,b:2");
        assertThat(read.prefetchCount).isEqualTo(7);
    }

    @Test
    void variablesAreTheKeysInUpperCaseBehindThePrefix() {
        RabbitLike.Read read = read(ConfigSource.ofEnvironment(Map.of(
                "MESSAGING_TYPE", "rabbitmq",
                "MESSAGING_BROKERS", "a:1",
                "MESSAGING_RABBITMQ_EXCHANGE_TYPE", "topic",
                "MESSAGING_RABBITMQ_HEART_BEAT", "4s",
                "MESSAGING_URL", " ",
                "PATH", "/bin")));

        assertThat(read.brokers).containsExactly("a:1");
        assertThat(read.exchangeType).isEqualTo("topic");
        assertThat(read.heartbeat).isEqualTo(Duration.ofSeconds(4));
        assertThat(read.url).isNull();
        assertThat(logger.lines()).isEmpty();
    }

    @Test
    void aVariableThatKubernetesMakesIsAWarningWithoutItsValue() {
        read(
                ConfigSource.of(RABBIT),
                ConfigSource.ofEnvironment(
                        Map.of("MESSAGING_PORT_9092_TCP", "tcp://10.0.0.1", "MESSAGING_BROKER", "h")));

        assertThat(logger.lines())
                .hasSize(2)
                .anySatisfy(line ->
                        assertThat(line).contains("MESSAGING_PORT_9092_TCP").doesNotContain("10.0.0.1"))
                .anySatisfy(line -> assertThat(line).contains("did you mean 'MESSAGING_BROKERS'?"));
    }

    /** What each of the four says: builder, map, environment; then which wins. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -, default",
                "-, -, environment, environment",
                "-, map, -, map",
                "-, map, environment, map",
                "builder, -, -, builder",
                "builder, -, environment, builder",
                "builder, map, -, builder",
                "builder, map, environment, builder"
            })
    void aBuilderCallBeatsAMapAndAMapTheEnvironmentAndTheEnvironmentTheDefault(
            @Nullable String builder, @Nullable String map, @Nullable String environment, String winner) {
        ConfigSource given = ConfigSource.of(said(map, key -> key));
        ConfigSource variables = ConfigSource.ofEnvironment(said(environment, ConfigKeys::variable));
        for (List<ConfigSource> order : List.of(List.of(given, variables), List.of(variables, given))) {
            BackendChoice choice = new BackendChoice(
                    null,
                    "rabbitmq",
                    builder == null ? null : List.of(builder + ":1"),
                    builder == null ? "amqp://always" : "amqp://" + builder,
                    order);
            ClientPlan plan =
                    plan(choice, builder, builder == null ? null : Duration.ofSeconds(builder.length()), null);
            RabbitLike.Read read = (RabbitLike.Read) plan.options();

            boolean byDefault = winner.equals("default");
            assertThat(plan.clientId()).isEqualTo(byDefault ? null : winner);
            assertThat(plan.connectTimeout()).isEqualTo(Duration.ofSeconds(byDefault ? 10 : winner.length()));
            assertThat(read.brokers).isEqualTo(byDefault ? List.of() : List.of(winner + ":1"));
            assertThat(read.exchange)
                    .isEqualTo(map != null ? "map" : environment != null ? "environment" : "amq.topic");
        }
    }

    private static Map<String, String> said(@Nullable String who, Function<String, String> name) {
        Map<String, String> said = new LinkedHashMap<>();
        if (who != null) {
            said.put(name.apply("client_id"), who);
            said.put(name.apply("brokers"), who + ":1");
            said.put(name.apply("connect_timeout"), who.length() + "s");
            said.put(name.apply("rabbitmq.exchange"), who);
        }
        return said;
    }

    @Test
    void ofTwoMapsTheLaterOneWins() {
        assertThat(read(
                                ConfigSource.of(RABBIT),
                                ConfigSource.of(Map.of("rabbitmq.exchange", "one")),
                                ConfigSource.of(Map.of("rabbitmq.exchange", "two")))
                        .exchange)
                .isEqualTo("two");
    }

    @Test
    void startupIsReadFromAConfigurationToo() {
        ConfigSource waiting = ConfigSource.of(Map.of("type", "rabbitmq", "url", "amqp://h", "startup", "wait"));

        assertThat(plan(configured(waiting)).startup()).isEqualTo(Startup.WAIT);
        assertThat(plan(configured(waiting), null, null, Startup.FAIL_FAST).startup())
                .isEqualTo(Startup.FAIL_FAST);
    }

    static List<Arguments> unknown() {
        return List.of(
                Arguments.of("broker", ", did you mean 'brokers'?"),
                Arguments.of("clientId", ", did you mean 'client_id'?"),
                Arguments.of("connectTimeout", ", did you mean 'connect_timeout'?"),
                Arguments.of("Type", ", did you mean 'type'?"),
                Arguments.of("tpye", ", did you mean 'type'?"),
                Arguments.of("rabbitmq.exchangeType", ", did you mean 'rabbitmq.exchange_type'?"),
                Arguments.of("rabbitmq.prefetch", ", did you mean 'rabbitmq.prefetch_count'?"),
                Arguments.of("rabitmq.confirm", ", did you mean 'rabbitmq.confirm'?"),
                Arguments.of("nothing.like.it", "'nothing.like.it' is not a key"));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void anUnknownKeyIsRefusedWithTheNearestKnownOne(String key, String text) {
        ConfigSource source = ConfigSource.of(Map.of("type", "rabbitmq", "url", "amqp://h", key, "hunter2"));

        assertThatThrownBy(() -> read(source))
                .hasMessageContaining("'" + key + "' is not a key")
                .hasMessageContaining(text)
                .hasMessageNotContaining("hunter2")
                .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.INVALID_CONFIG))
                        .isTrue());
    }

    @Test
    void oneErrorNamesAllViolations() {
        Map<String, Object> values = new LinkedHashMap<>(BROKEN);
        values.put("type", "rabbitmq");
        values.put("brokers", 9092);
        values.put("startup", "maybe");
        values.put("rabbitmq", Map.of("prefetch_count", "ten", "durable", 3.7, "auto_ack", List.of(true)));

        InvalidConfigurationException refusal =
                refusal(() -> plan(configured(ConfigSource.of(values)), "a b", null, null));

        assertThat(refusal)
                .hasMessageContaining("'connect_timeout' is of type String (5), must be a duration with a unit")
                .hasMessageContaining("'brokers' is of type Integer (9092), must be a text or a list of texts")
                .hasMessageContaining("'startup' is of type String (maybe), must be fail_fast or wait")
                .hasMessageContaining("'clientId' is not a key")
                .hasMessageContaining("'rabbitmq.prefetch_count' is of type String (ten), must be a whole number")
                .hasMessageContaining("'rabbitmq.durable' is of type Double (3.7), must be true or false")
                .hasMessageContaining("'rabbitmq.auto_ack' is of type")
                .hasMessageContaining("no address was given")
                .hasMessageContaining("clientId is 'a b'");
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(MessagingException.is(refusal, ErrorCode.NO_BROKERS)).isTrue();
    }

    @Test
    void aSingleErrorOfABackendKeepsItsOwnCode() {
        assertThat(refusal(() -> read(ConfigSource.of(Map.of("type", "rabbitmq"))))
                        .code())
                .isEqualTo(ErrorCode.NO_BROKERS);
    }

    @Test
    void aTypeWithoutABackendIsNamedAndItsOwnKeysAreExcused() {
        ConfigSource source = ConfigSource.of(Map.of("type", "rocketmq", "rocketmq", Map.of("endpoints", "h")));

        assertThat(refusal(() -> read(source)))
                .hasMessageContaining("'rocketmq'")
                .extracting(InvalidConfigurationException::code)
                .isEqualTo(ErrorCode.UNSUPPORTED_TYPE);
    }

    @Test
    void aConfigurationOfAnotherBackendIsKnownByTheSeedsKeysAlthoughItsAdapterIsMissing() {
        ConfigKeys keys = Providers.of(List.of()).keys();

        for (String key : List.of("exchange", "exchange_type", "durable", "auto_ack", "prefetch_count", "confirm")) {
            assertThat(keys.contains("rabbitmq." + key)).isTrue();
        }
    }

    @Test
    void theSameKeyNestedAndWithDotsIsRefused() {
        Map<String, Object> values = new LinkedHashMap<>(RABBIT);
        values.put("rabbitmq.exchange", "one");
        values.put("rabbitmq", Map.of("exchange", "two"));

        assertThat(refusal(() -> read(ConfigSource.of(values))))
                .hasMessageContaining("'rabbitmq.exchange' is given twice");
    }

    @Test
    void aKeyThatIsNoTextIsRefusedAndAMapThatContainsItselfDoesNotHang() {
        Map<Object, Object> values = new LinkedHashMap<>(RABBIT);
        values.put(5, "x");
        values.put("rabbitmq", values);

        assertThat(refusal(() -> read(ConfigSource.of(values)))).hasMessageContaining("is '5', must be a text");
    }

    @Test
    void typedOptionsAreNotMixedWithTheSameThingsOfAMapButOverruleTheEnvironment() {
        BackendOptions options = new RabbitLike.Read();
        ConfigSource map =
                ConfigSource.of(Map.of("client_id", "mine", "url", "amqp://u:hunter2@h", "rabbitmq.exchange", "x"));
        ConfigSource variables =
                ConfigSource.ofEnvironment(Map.of("MESSAGING_URL", "amqp://h", "MESSAGING_RABBITMQ_EXCHANGE", "x"));

        assertThat(refusal(() -> plan(new BackendChoice(options, null, null, null, List.of(map)))))
                .hasMessageContaining("'url' of the configuration contradicts backend(rabbitmq options)")
                .hasMessageContaining("'rabbitmq.exchange' of the configuration contradicts")
                .hasMessageNotContaining("hunter2");
        assertThat(plan(new BackendChoice(options, null, null, null, List.of(variables)))
                        .options())
                .isSameAs(options);
        assertThat(refusal(() -> plan(new BackendChoice(options, "rabbitmq", List.of("b:1"), "amqp://h", List.of()))))
                .hasMessageContaining("type('rabbitmq') contradicts")
                .hasMessageContaining("brokers contradict")
                .hasMessageContaining("url contradicts");
    }

    @Test
    void aConfigurationShowsNamesOnly() {
        assertThat(ConfigSource.of(Map.of("url", "amqp://u:hunter2@h")).toString())
                .contains("url")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({"type, tpye, 1", "abc, abc, 0", "brokers, broker, 1", "'', abc, 3", "kitten, sitting, 3", "ab, ba, 1"})
    void theEditDistanceCountsASwapAsOne(String one, String other, int distance) {
        assertThat(EditDistance.between(one, other)).isEqualTo(distance);
        assertThat(EditDistance.between(other, one)).isEqualTo(distance);
    }
}
