package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A network that carries nothing and says nothing: whoever asks learns of it at once, long before the heartbeats do. */
@Fault("F4")
@ExtendWith(FaultNode.class)
class SilentNetworkFaultIT {
    private static final Duration CHECK = Duration.ofSeconds(2);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final RabbitMqServer server;

    SilentNetworkFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    @Test
    void aHealthCheckFailsWithinItsLimitThoughTheConnectionLooksOpen() throws Exception {
        try (FaultProxy network = FaultProxy.to(port());
                MessagingClient client = client(network.address())) {
            client.consumer(RawRabbitMq.name("silent"))
                    .subscribe(RawRabbitMq.name("topic"), message -> {})
                    .awaitReady(PATIENCE);
            network.stall();

            MessagingException failure = within(
                    CHECK.plus(GRACE),
                    watch -> watch.time(
                            () -> catchThrowableOfType(MessagingException.class, () -> client.healthCheck(CHECK))));

            assertThat(failure).as("an open connection is no answer").isNotNull();
            assertThat(failure.code()).isEqualTo(ErrorCode.HEALTH_CHECK);
            assertThat(MessagingException.is(failure, ErrorCode.NO_BROKERS_AVAILABLE))
                    .isTrue();
            assertThat(client.health().readiness().passes()).isFalse();
            assertThat(network.held()).as("the fault bit").isPositive();
            network.heal();
            await("well again").atMost(PATIENCE).untilAsserted(() -> client.healthCheck(CHECK));
        }
    }

    private int port() {
        String address = server.address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static MessagingClient client(String address) {
        return MessagingClients.builder()
                .backend(RabbitMqOptions.builder().brokers(address).build())
                .build();
    }
}
