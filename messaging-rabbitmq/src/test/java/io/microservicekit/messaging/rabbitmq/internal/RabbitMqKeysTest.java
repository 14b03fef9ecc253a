package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.rabbitmq.ExchangeType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stands in a configuration becomes options. */
class RabbitMqKeysTest {
    private static Settings settings(Map<String, Object> values) {
        return Settings.of(List.of("localhost"), values);
    }

    private static RabbitMqOptions options(Settings settings) {
        return (RabbitMqOptions) new RabbitMqBackendProvider().options(settings);
    }

    @Test
    void aHeadersExchangeIsConfiguredByKeysAlone() {
        Settings settings = settings(Map.of(
                "exchange",
                "orders",
                "exchange_type",
                "headers",
                "binding_arguments",
                "x-match=any, region = eu,formula=a=b,empty="));
        RabbitMqOptions options = options(settings);

        assertThat(settings.violations()).isEmpty();
        assertThat(options.exchangeType()).isEqualTo(ExchangeType.HEADERS);
        assertThat(options.bindingArguments())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("x-match", "any", "region", "eu", "formula", "a=b", "empty", ""));
    }

    @Test
    void aListOfBindingArgumentsIsTakenToo() {
        RabbitMqOptions options = options(settings(Map.of(
                "exchange",
                "orders",
                "exchange_type",
                "headers",
                "binding_arguments",
                List.of("x-match=all", "region=eu"))));

        assertThat(options.bindingArguments())
                .containsExactlyInAnyOrderEntriesOf(Map.of("x-match", "all", "region", "eu"));
    }

    @Test
    void aBindingArgumentWithoutANameOrAValueIsRefused() {
        Settings settings = settings(Map.of("binding_arguments", "region,=eu,\u0007,a=b"));
        var unused = options(settings);

        assertThat(settings.violations())
                .containsExactly(
                        "'rabbitmq.binding_arguments' has 'region', must be name=value, several with commas between",
                        "'rabbitmq.binding_arguments' has '=eu', must be name=value, several with commas between",
                        "'rabbitmq.binding_arguments' has '\\u0007', must be name=value, several with commas between");
    }

    @Test
    void aHeadersExchangeWithoutABindingArgumentIsRefused() {
        assertThatThrownBy(() -> options(settings(Map.of("exchange", "orders", "exchange_type", "headers"))))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("bindingArgument");
    }
}
