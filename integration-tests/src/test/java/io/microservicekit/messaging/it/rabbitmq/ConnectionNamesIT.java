package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import io.microservicekit.messaging.testkit.junit.RabbitMqOperator;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the connections of a client are called, as a real node sees it. */
@ExtendWith(RabbitMqServerExtension.class)
class ConnectionNamesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RabbitMqServer server;

    ConnectionNamesIT(RabbitMqServer server) {
        this.server = server;
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
