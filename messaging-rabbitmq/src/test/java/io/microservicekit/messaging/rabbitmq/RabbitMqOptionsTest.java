package io.microservicekit.messaging.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RabbitMqOptionsTest {
    @Test
    void theDefaultsAreThoseOfTheSpecification() {
        RabbitMqOptions options = url("amqp://localhost").build();
        assertThat(options.addresses()).containsExactly("localhost:5672");
        assertThat(options.virtualHost()).isEqualTo("/");
        assertThat(options.credentials().get().user()).isEqualTo("guest");
        assertThat(options.exchange()).isNull();
        assertThat(options.exchangeType()).isEqualTo(ExchangeType.TOPIC);
        assertThat(options.durable()).isTrue();
        assertThat(options.autoAck()).isFalse();
        assertThat(options.confirm()).isTrue();
        assertThat(options.prefetchCount()).isEqualTo(10);
        assertThat(options.queueType()).isEqualTo(QueueType.CLASSIC);
        assertThat(options.topology()).isEqualTo(RabbitMqTopology.CREATE);
        assertThat(options.unroutable()).isEqualTo(UnroutablePolicy.FAIL);
        assertThat(options.heartbeat()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.holdLimit()).isEqualTo(Duration.ofMinutes(10));
        assertThat(options.maxHeld()).isEqualTo(1_000);
        assertThat(options.rpcTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.connectionName()).isNull();
        assertThat(options.tls()).isNull();
    }

    @Test
    void aNamedExchangeIsDirectUnlessToldOtherwise() {
        assertThat(url("amqp://h").exchange("orders").build().exchangeType()).isEqualTo(ExchangeType.DIRECT);
    }

    @Test
    void everythingInAUrlIsReadWithItsEscapes() {
        RabbitMqOptions options =
                url("amqps://us%40er:p%3Aa%2Fs+s@rabbit.example:5673/a%2Fb").build();
        assertThat(options.addresses()).containsExactly("rabbit.example:5673");
        assertThat(options.virtualHost()).isEqualTo("a/b");
        assertThat(options.credentials().get().user()).isEqualTo("us@er");
        assertThat(options.credentials().get().password().reveal()).isEqualTo("p:a/s+s");
        assertThat(options.tls()).isNotNull();
    }

    @Test
    void severalAddressesKeepTheirOrderAndGetTheUsualPort() {
        assertThat(url("amqp://a, amqp://[::1]:7/,amqp://b:5672").build().addresses())
                .containsExactly("a:5672", "[::1]:7", "b:5672");
        assertThat(RabbitMqOptions.builder().brokers("x", "y:1").build().addresses())
                .containsExactly("x:5672", "y:1");
        assertThat(RabbitMqOptions.builder()
                        .brokers("x")
                        .tls(RabbitMqTls.systemTrust())
                        .build()
                        .addresses())
                .containsExactly("x:5671");
    }

    @Test
    void aUrlThatEndsInASlashMeansTheUsualVirtualHost() {
        assertThat(url("amqp://h/").build().virtualHost()).isEqualTo("/");
    }

    @Test
    void noAddressIsAnErrorOfItsOwn() {
        assertThat(failure(RabbitMqOptions.builder()).code()).isEqualTo(ErrorCode.NO_BROKERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h:1",
                "http://user:CANARY@h",
                "amqp://user:CANARY@",
                "amqp://user:CANARY@h:0",
                "amqp://user:CANARY@h:70000",
                "amqp://user:CANARY@h:x",
                "amqp://user:CANARY@h h",
                "amqp://CANARY@h",
                "amqp://:CANARY@h",
                "amqp://user:CANARY%@h",
                "amqp://user:CANARY%zz@h",
                "amqp://user:CANARY@h/a/b",
                "amqp://user:CANARY@h?heartbeat=1",
                "amqp://user:CANARY@h/v#x",
                "amqp://user:CA:CANARY/@h:x",
                "amqp://user:CANARY@rabbit:5672/team@prod",
                "amqp://user:CANARY@rabbit/team@prod:5672/v",
                "amqp://user:CAN/ARY@h",
                "amqp://user:CANARY\n@h\n:1"
            })
    void aUrlThatCannotBeReadIsNamedWithItsPlaceAndWithoutItsSecrets(String bad) {
        InvalidConfigurationException failure = failure(url("amqp://good", bad));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(failure).hasMessageContaining("url[1]").message().doesNotContain("CANARY", "\n");
    }

    @ParameterizedTest
    @MethodSource("violations")
    void aViolationIsNamed(UnaryOperator<RabbitMqOptionsBuilder> bad, String words) {
        assertThat(failure(bad.apply(url("amqp://h")))).hasMessageContaining(words);
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                bad(b -> b.url("amqps://i"), "differ in more than host and port"),
                bad(b -> b.url("amqp://u:p@i"), "differ in more than host and port"),
                bad(b -> b.url("amqp://i/v"), "differ in more than host and port"),
                bad(b -> b.brokers("u:CANARY@x"), "brokers[0] must be host:port"),
                bad(b -> b.tls(RabbitMqTls.systemTrust()), "write amqps"),
                bad(b -> b.virtualHost(""), "virtualHost must have"),
                bad(b -> b.virtualHost("é".repeat(128)), "virtualHost must have 1 to 255 bytes"),
                bad(b -> b.exchangeType(ExchangeType.FANOUT), "name it by exchange"),
                bad(b -> b.exchange(" "), "exchange ' '"),
                bad(b -> b.exchange("é".repeat(128)), "1 to 255 bytes"),
                bad(b -> b.exchange("e").defaultExchange(true), "contradicts defaultExchange"),
                bad(b -> b.exchange("e").exchangeType(ExchangeType.HEADERS), "at least one bindingArgument"),
                bad(b -> b.prefetchCount(0), "prefetchCount is 0, must be from 1 to 65535"),
                bad(b -> b.maxHeld(-1), "maxHeld is -1"),
                bad(b -> b.maxMessageBytes(0), "maxMessageBytes is 0"),
                bad(b -> b.maxInboundBytes(1), "maxInboundBytes is 1"),
                bad(b -> b.heartbeat(Duration.ofMillis(1_500)), "whole seconds"),
                bad(b -> b.rpcTimeout(Duration.ZERO), "rpcTimeout is PT0S"),
                bad(b -> b.connectionName(" "), "connectionName ' ' must have"),
                bad(b -> b.connectionName("a\nb"), "without control characters"),
                bad(b -> b.connectionName("é".repeat(101)), "1 to 200 bytes"),
                bad(b -> b.holdLimit(Duration.ZERO), "holdLimit is PT0S"),
                bad(b -> b.queueType(QueueType.QUORUM).durable(false), "contradicts durable(false)"),
                bad(b -> b.queueArgument("x-queue-type", "quorum"), "set queueType"),
                bad(b -> b.queueArgument("x-message-ttl", 1), "drop messages"),
                bad(b -> b.queueArgument("x-max-length", 1), "needs 'x-overflow' reject-publish"),
                bad(b -> b.queueArgument("x", 1.5), "is a Double"),
                bad(b -> b.bindingArgument("", "v"), "name of 1 to 255 bytes"));
    }

    private static Arguments bad(UnaryOperator<RabbitMqOptionsBuilder> change, String words) {
        return Arguments.of(change, words);
    }

    @Test
    void credentialsAreGivenOnce() {
        assertThat(failure(url("amqp://u:CANARY@h").credentials("v", Secret.of("CANARY2"))))
                .hasMessageContaining("give them once")
                .message()
                .doesNotContain("CANARY");
    }

    @Test
    void allViolationsAreNamedAtOnce() {
        assertThat(failure(url("amqp://h:x").prefetchCount(0).maxHeld(-1)))
                .hasMessageContaining("url[0]")
                .hasMessageContaining("prefetchCount")
                .hasMessageContaining("maxHeld");
    }

    @Test
    void aBoundedQueueThatRefusesIsAllowed() {
        RabbitMqOptions options = url("amqp://h")
                .queueArgument("x-max-length", 5)
                .queueArgument("x-overflow", "reject-publish")
                .build();
        assertThat(options.queueArguments()).containsEntry("x-max-length", 5);
    }

    @Test
    void secretsAreInNoText() {
        assertThat(url("amqp://user:CANARY@h").build().toString()).doesNotContain("CANARY");
        assertThat(new RabbitMqCredentials("u", Secret.of("CANARY")).toString()).doesNotContain("CANARY");
    }

    private static RabbitMqOptionsBuilder url(String... urls) {
        return RabbitMqOptions.builder().url(urls);
    }

    private static InvalidConfigurationException failure(RabbitMqOptionsBuilder builder) {
        return catchThrowableOfType(InvalidConfigurationException.class, builder::build);
    }
}
