package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.RabbitMqOperator;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However a client is told of its node and of its exchange, it is opened on them. */
@ExtendWith(RabbitMqServerExtension.class)
class RabbitMqOpeningIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RabbitMqServer server;
    private final List<String> received = new CopyOnWriteArrayList<>();

    RabbitMqOpeningIT(RabbitMqServer server) {
        this.server = server;
    }

    /** Ways to say it; each is given the URL and an exchange. */
    private enum Way {
        TYPE_AND_URL((url, exchange) -> MessagingClients.builder()
                .type("rabbitmq")
                .url(url)
                .config(MessagingConfig.from(Map.of("rabbitmq.exchange", exchange)))),
        TYPED_OPTIONS((url, exchange) -> MessagingClients.builder()
                .backend(RabbitMqOptions.builder().url(url).exchange(exchange).build())),
        MAP((url, exchange) -> MessagingClients.builder()
                .config(MessagingConfig.from(
                        Map.of("type", "rabbitmq", "url", url, "rabbitmq", Map.of("exchange", exchange))))),
        PROPERTIES((url, exchange) -> {
            Properties properties = new Properties();
            properties.setProperty("type", "rabbitmq");
            properties.setProperty("url", url);
            properties.setProperty("rabbitmq.exchange", exchange);
            return MessagingClients.builder().config(MessagingConfig.from(properties));
        }),
        ENVIRONMENT((url, exchange) -> MessagingClients.builder()
                .config(MessagingConfig.fromEnvironment(Map.of(
                        "MESSAGING_TYPE", "rabbitmq", "MESSAGING_URL", url, "MESSAGING_RABBITMQ_EXCHANGE", exchange))));

        @SuppressWarnings("ImmutableEnumChecker") // the functions have no state
        private final BiFunction<String, String, MessagingClientBuilder> told;

        Way(BiFunction<String, String, MessagingClientBuilder> told) {
            this.told = told;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientIsOpenedOnItsNodeAndItsExchange(Way way) {
        String exchange = "opened-" + way.name();
        try (MessagingClient client = way.told.apply(server.url(), exchange).build()) {
            client.consumer("group-" + way.name())
                    .subscribe("opened", message -> received.add(message.valueText()))
                    .awaitReady(PATIENCE);
            client.producer().send(Message.builder("opened").valueText("ours").build());
            RawRabbitMq.on(server, channel -> {
                channel.basicPublish(exchange, "opened", null, "theirs".getBytes(StandardCharsets.UTF_8));
                return channel;
            });
            await().atMost(PATIENCE).until(() -> received.size() == 2);
        }
        assertThat(received).containsExactlyInAnyOrder("ours", "theirs");
    }

    @Test
    void theConnectionsHaveTheNameOfTheOptionAtTheBroker() {
        Map<String, Object> names = Map.of(
                "type", "rabbitmq",
                "url", server.url(),
                "rabbitmq.connection_name", "billing",
                "rabbitmq.rpc_timeout", "5s");
        try (MessagingClient client = MessagingClients.builder()
                .clientId("not-this-one")
                .config(MessagingConfig.from(names))
                .build()) {
            client.consumer("named").subscribe("named", message -> {}).awaitReady(PATIENCE);
            assertThat(server.operator().connections())
                    .extracting(RabbitMqOperator.Connection::givenName)
                    .contains("billing-publishing", "billing-consuming")
                    .doesNotContain("not-this-one-publishing", "not-this-one-consuming");
        }
    }
}
