package io.microservicekit.messaging.it.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad configurations and arguments: each gets its clear error before any I/O, shown escaped and short, and no secret with it. */
class BadConfigurationTest {
    private static final String SECRET = "hunter2";
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
    private static final MessageHandler HANDLER = message -> {};

    private static MessagingClient client;

    /** A name for the report, the attempt, the code, and what the text must hold. */
    record Bad(String name, Runnable attempt, ErrorCode code, List<String> parts) {
        Bad(String name, Runnable attempt, ErrorCode code, String... parts) {
            this(name, attempt, code, List.of(parts));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void open() {
        client = MessagingClients.builder()
                .backend(MemoryBroker.create().options())
                .build();
    }

    @AfterAll
    static void close() {
        client.close();
    }

    private static Bad brokers(String name, String part, String... brokers) {
        return new Bad("brokers " + name, () -> kafka(b -> b.brokers(brokers)), ErrorCode.INVALID_CONFIG, part);
    }

    private static void kafka(Consumer<MessagingClientBuilder> settings) {
        MessagingClientBuilder builder = MessagingClients.builder().connectTimeout(Duration.ofMillis(50));
        settings.accept(builder);
        builder.build();
    }

    static Stream<Bad> brokers() {
        return Stream.of(
                new Bad("no brokers", () -> kafka(b -> {}), ErrorCode.NO_BROKERS, "no broker address"),
                new Bad("an empty list", () -> kafka(b -> b.brokers(List.of())), ErrorCode.NO_BROKERS),
                brokers("blank", "brokers[0] ''", " "),
                brokers("without port", "brokers[1] 'host'", "a:1", "host"),
                brokers("port abc", "'host:abc'", "host:abc"),
                brokers("port 99999", "from 1 to 65535", "host:99999"),
                brokers("port 0", "from 1 to 65535", "host:0"),
                brokers("with a scheme", "has a scheme", "http://h:1"),
                brokers("bare IPv6", "in brackets", "::1:9092"),
                brokers("trailing comma", "is blank", "a:1,"),
                brokers("with line breaks", "\\u000a", "a\r\n2026 ERROR fake:1"),
                brokers("very long", "brokers[0]", "x".repeat(5_000)),
                brokers("credentials", "has credentials", "user:" + SECRET + "@h:9092"),
                brokers("credentials and scheme", "has credentials", "amqp://user:" + SECRET + "@h:5672/v"),
                brokers("credentials and comma", "has credentials", "a:1,user:" + SECRET + "@h:1"),
                brokers("credentials with @", "has credentials", "user:p@" + SECRET + "@h:1"),
                map("brokers: a number", Map.of("brokers", 9092), "'brokers' is of type Integer (9092), must be"),
                map("brokers: a map", Map.of("brokers", Map.of("a", "b")), "'brokers' is of type", "must be"),
                map(
                        "brokers: a list of anything",
                        Map.of("brokers", Arrays.asList("u:" + SECRET + "@h:1", 5)),
                        "'brokers' is of type",
                        "a text or a list of texts"),
                map(
                        "a URL for Kafka",
                        Map.of("url", "amqp://u:" + SECRET + "@h:1", "brokers", "a:1"),
                        "'url' is not for"));
    }

    private static Bad map(String name, Map<String, ?> values, String... parts) {
        return new Bad(
                "config " + name,
                () -> MessagingClients.builder()
                        .config(MessagingConfig.from(values))
                        .build(),
                ErrorCode.INVALID_CONFIG,
                parts);
    }

    private static Bad kafkaKey(String key, Object value, String... parts) {
        return map(
                key + ": " + (value instanceof String ? "text" : value), Map.of("brokers", "a:1", key, value), parts);
    }

    static Stream<Bad> keys() {
        return Stream.of(
                kafkaKey("broker", "a:1", "'broker' is not a key, did you mean 'brokers'?"),
                kafkaKey("kafka.ack", "all", "'kafka.ack' is not a key, did you mean 'kafka.acks'?"),
                kafkaKey("kafka.revokeDrain", "1s", "did you mean 'kafka.revoke_drain'?"),
                kafkaKey("kafka.secruity.protocol", "SSL", "did you mean 'kafka.security.protocol'?"),
                kafkaKey("rabbitmq.exchange_typ", "x", "did you mean 'rabbitmq.exchange_type'?"),
                kafkaKey("a\nb", "x", "'a\\u000ab' is not a key"),
                kafkaKey("kafka.acks", "1", "'acks' is refused"),
                kafkaKey("kafka.enable.auto.commit", true, "'enable.auto.commit' is refused"),
                kafkaKey("kafka.fetch.max.bytes", "ten", "'fetch.max.bytes' is refused: must be a whole number"),
                kafkaKey("kafka.fetch.max.bytes", -5, "'fetch.max.bytes' is refused", "[0,...]"),
                kafkaKey("kafka.linger.ms", SECRET, "'linger.ms' is refused: must be milliseconds from 0"),
                kafkaKey("kafka.max.poll.interval.ms", 1, "must be milliseconds from 6000"),
                kafkaKey("kafka.heartbeat.interval.ms", 60_000, "must be below session.timeout.ms, 45000"),
                map(
                        "no brokers and more",
                        Map.of("kafka.acks", "1", "client_id", "a b"),
                        "no broker address",
                        "'acks' is refused",
                        "clientId is 'a b'"),
                kafkaKey("kafka.revoke_drain", "5", "a duration with a unit"),
                kafkaKey("kafka.revoke_drain", "ten", "type String (ten), must be a duration"),
                kafkaKey("kafka.revoke_drain", 3.7, "type Double (3.7), must be a duration"),
                kafkaKey("kafka.revoke_drain", true, "type Boolean (true), must be a duration"),
                kafkaKey("kafka.revoke_drain", List.of(), "must be a duration"),
                kafkaKey("kafka.revoke_drain", FOREVER, "revokeDrain is PT"),
                kafkaKey("kafka.revoke_drain", "-1s", "revokeDrain is PT-1S"),
                kafkaKey("kafka.request_timeout", "1h", "requestTimeout is PT1H"),
                kafkaKey("kafka.group_protocol", "raft", "must be classic or consumer"),
                kafkaKey("kafka.create_partitions", 3, "belong together"),
                kafkaKey("kafka.create_partitions", "ten", "must be a whole number"),
                kafkaKey(
                        "kafka.sasl.jaas.config",
                        Arrays.asList(SECRET, List.of()),
                        "'kafka.sasl.jaas.config' is of type"),
                kafkaKey("connect_timeout", "5", "a duration with a unit"),
                kafkaKey("connect_timeout", Long.MAX_VALUE, "a duration with a unit"),
                kafkaKey("connect_timeout", "0s", "connectTimeout is PT0S"),
                kafkaKey("connect_timeout", "999999999999999999d", "a duration with a unit"),
                kafkaKey("startup", "later", "must be fail_fast or wait"),
                kafkaKey("client_id", "a b", "clientId is 'a b'"),
                kafkaKey("client_id", 5, "'client_id' is of type Integer (5), must be a text"),
                map("memory.partitions: 0", Map.of("type", "memory", "memory.partitions", 0), "partitions is 0"),
                new Bad(
                        "an unknown type",
                        () -> kafka(b -> b.type("kafak").brokers("a:1")),
                        ErrorCode.UNSUPPORTED_TYPE,
                        "'kafak'",
                        "kafka"),
                new Bad(
                        "an unknown type with line breaks",
                        () -> kafka(b -> b.type("a\r\nb").brokers("a:1")),
                        ErrorCode.UNSUPPORTED_TYPE,
                        "a\\u000d\\u000ab"),
                new Bad(
                        "everything at once",
                        () -> kafka(b -> b.brokers("nope").clientId("").connectTimeout(FOREVER)),
                        ErrorCode.INVALID_CONFIG,
                        "'nope'",
                        "clientId is ''",
                        "connectTimeout is PT"));
    }

    private static Bad group(String name, String group, ErrorCode code, String... parts) {
        return new Bad("group " + name, () -> client.consumer(group), code, parts);
    }

    private static Bad topics(String name, List<String> topics, ErrorCode code, String... parts) {
        return new Bad("topics " + name, () -> client.consumer("g").subscribe(topics, HANDLER), code, parts);
    }

    static Stream<Bad> arguments() {
        return Stream.of(
                group("null", null, ErrorCode.EMPTY_GROUP_ID, "null"),
                group("empty", "", ErrorCode.EMPTY_GROUP_ID),
                group("blank", " \t", ErrorCode.EMPTY_GROUP_ID, "\\u0009"),
                group(
                        "of 256 bytes",
                        "é".repeat(128),
                        ErrorCode.INVALID_CONFIG,
                        "has 256 bytes, must have at most 255"),
                group("very long", "g".repeat(100_000), ErrorCode.INVALID_CONFIG, "has 100000 bytes"),
                group("with a line break", "a\nb", ErrorCode.INVALID_CONFIG, "a\\u000ab", "control characters"),
                new Bad(
                        "direct group null",
                        () -> MessagingClients.builder().openConsumer(null),
                        ErrorCode.EMPTY_GROUP_ID),
                topics("null", null, ErrorCode.NO_TOPICS),
                topics("empty", List.of(), ErrorCode.NO_TOPICS),
                topics("blank", List.of("a", " "), ErrorCode.NO_TOPICS),
                topics("with a null", Arrays.asList("a", null), ErrorCode.NO_TOPICS, "null"),
                topics("twice", List.of("a", "b", "a"), ErrorCode.INVALID_CONFIG, "topic 'a' is given twice"),
                topics("with NUL", List.of("a\0b"), ErrorCode.INVALID_CONFIG, "a\\u0000b"),
                topics("too long", List.of("é".repeat(128)), ErrorCode.INVALID_CONFIG, "has 256 bytes"),
                new Bad(
                        "dead letters to what nothing can be sent to",
                        () -> client.consumer(
                                        "g",
                                        ConsumerOptions.builder()
                                                .deadLetterQueue("bad topic!")
                                                .build())
                                .subscribe("a", HANDLER),
                        ErrorCode.INVALID_CONFIG,
                        "dead-letter topic 'bad topic!'",
                        "1 to 249"),
                new Bad("handler null", () -> client.consumer("g").subscribe("a", null), ErrorCode.NIL_HANDLER));
    }

    private static Bad option(String name, Runnable attempt, String... parts) {
        return new Bad(name, attempt, ErrorCode.INVALID_CONFIG, parts);
    }

    static Stream<Bad> options() {
        return Stream.of(
                option("sendTimeout 0", () -> producer(b -> b.sendTimeout(Duration.ZERO)), "sendTimeout is PT0S"),
                option("sendTimeout forever", () -> producer(b -> b.sendTimeout(FOREVER)), "sendTimeout is PT"),
                option(
                        "sendTimeout negative",
                        () -> producer(b -> b.sendTimeout(Duration.ofMillis(-1))),
                        "must be from"),
                option(
                        "handlerTimeout forever",
                        () -> consumer(b -> b.handlerTimeout(FOREVER)),
                        "handlerTimeout is PT"),
                option("concurrency 0", () -> consumer(b -> b.concurrency(0)), "concurrency is 0"),
                option("retries negative", () -> RetryPolicy.exponential(-1, Duration.ofSeconds(1)), "-1"),
                option("retries without end", () -> RetryPolicy.exponential(Integer.MAX_VALUE, Duration.ofSeconds(1))),
                option("a wait of zero", () -> RetryPolicy.exponential(3, Duration.ZERO), "PT0S"),
                option("a wait forever", () -> RetryPolicy.exponential(3, FOREVER), "PT"),
                option("dead letters nowhere", () -> consumer(b -> b.deadLetterQueue(" ")), "deadLetterQueue is blank"),
                option(
                        "a dead-letter topic with a line break",
                        () -> consumer(b -> b.deadLetterQueue("a\nb")),
                        "deadLetterQueue 'a\\u000ab'"),
                option(
                        "all at once",
                        () -> consumer(b -> b.concurrency(0).maxInFlight(-5).interruptOnTimeout(true)),
                        "concurrency is 0",
                        "maxInFlight is -5",
                        "interruptOnTimeout needs"));
    }

    private static void producer(Consumer<ProducerOptions.Builder> settings) {
        ProducerOptions.Builder builder = ProducerOptions.builder();
        settings.accept(builder);
        builder.build();
    }

    private static void consumer(Consumer<io.microservicekit.messaging.api.ConsumerOptionsBuilder> settings) {
        var builder = ConsumerOptions.builder();
        settings.accept(builder);
        builder.build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"brokers", "keys", "arguments", "options"})
    void eachGetsItsClearError(Bad bad) {
        Throwable error = catchThrowable(bad.attempt()::run);

        assertThat(error).isInstanceOf(InvalidConfigurationException.class);
        assertThat(bad.parts()).allSatisfy(part -> assertThat(error).hasMessageContaining(part));
        assertThat(((InvalidConfigurationException) error).code()).isEqualTo(bad.code());
        for (Throwable each : withCauses(error)) {
            assertThat(each.toString()).doesNotContain(SECRET).hasSizeLessThan(2_000);
            assertThat(each.toString().chars()).noneMatch(Character::isISOControl);
        }
    }

    private static List<Throwable> withCauses(Throwable error) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable each = error; each != null; each = each.getCause()) {
            all.add(each);
            all.addAll(Arrays.asList(each.getSuppressed()));
        }
        return all;
    }

    @Test
    void goodAddressesOfAllKindsAreTaken() {
        KafkaOptions options = KafkaOptions.builder()
                .brokers(" a:9092 , [::1]:9092", "a:9092", "under_score.example.org:1")
                .build();

        assertThat(options.brokers()).containsExactly("a:9092", "[::1]:9092", "under_score.example.org:1");
    }
}
