package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Fault("F33")
@ExtendWith(FaultNode.class)
class FailoverFaultIT {
    /** Less than two silent nodes would take if each had all of it. */
    private static final Duration CONNECT = Duration.ofSeconds(15);

    private final RabbitMqServer server;

    FailoverFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    @Test
    void nodesThatAcceptAndSayNothingLeaveTimeForTheOneThatAnswers() {
        String address = server.address();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        try (FaultProxy one = silent(port);
                FaultProxy other = silent(port);
                MessagingClient client = open(one.address(), other.address(), address)) {
            assertThat(one.accepted() + other.accepted())
                    .as("the silent ones were tried")
                    .isEqualTo(2);
            client.consumer(RawRabbitMq.name("failover"))
                    .subscribe(RawRabbitMq.name("topic"), message -> {})
                    .awaitReady(PATIENCE);
            assertThat(one.accepted() + other.accepted())
                    .as("the other connection begins with the one that works")
                    .isEqualTo(2);
        }
    }

    private static FaultProxy silent(int port) {
        FaultProxy proxy = FaultProxy.to(port);
        proxy.stall();
        return proxy;
    }

    private static MessagingClient open(String... addresses) {
        return MessagingClients.builder()
                .backend(RabbitMqOptions.builder().brokers(addresses).build())
                .connectTimeout(CONNECT)
                .build();
    }
}
