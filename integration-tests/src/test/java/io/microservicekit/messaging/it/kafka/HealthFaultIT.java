package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within.Watch;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the health of a client says of a broker that is gone, and of one that is there and silent. The client is never restarted. */
class HealthFaultIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CHECK = Duration.ofSeconds(2);
    /** For the way from the deadline to the caller. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private interface Breaking {
        void run(KafkaServer server);
    }

    @Test
    @Fault("F1")
    void aKilledBrokerIsFoundWithinFiveSecondsAndWhenItIsBackAllIsWellAgain() throws Exception {
        foundAndForgotten(Duration.ofSeconds(5), KafkaServer::kill, KafkaServer::restart);
    }

    @Test
    @Fault("F4")
    void aSilentBrokerIsFoundWithinTheRequestTimeoutAndFiveSecondsAndForgottenWhenItSpeaksAgain() throws Exception {
        foundAndForgotten(REQUEST_TIMEOUT.plusSeconds(5), KafkaServer::freeze, KafkaServer::thaw);
    }

    private static void foundAndForgotten(Duration bound, Breaking fault, Breaking repair) throws Exception {
        try (KafkaServer server = KafkaServer.builder().fastSessionTimeout().start();
                MessagingClient client = client(server)) {
            server.createTopic("orders", 1);
            AtomicInteger handled = new AtomicInteger();
            client.consumer("shop")
                    .subscribe("orders", message -> handled.incrementAndGet())
                    .awaitReady(PATIENCE);
            within(bound, watch -> {
                assertWorks(client, handled);
                fault.run(server);
                found(client, watch);
                System.out.println("found after " + watch.elapsed() + ": "
                        + client.health().readiness().reasons());
                assertThat(client.health().liveness().passes())
                        .as("a restart would not help")
                        .isTrue();
                checkFailsInTime(client);
                repair.run(server);
                assertWorks(client, handled);
                return true;
            });
        }
    }

    private static MessagingClient client(KafkaServer server) {
        return MessagingClients.builder()
                .backend(KafkaOptions.builder()
                        .brokers(server.bootstrapServers())
                        .requestTimeout(REQUEST_TIMEOUT)
                        .build())
                .build();
    }

    private static void found(MessagingClient client, Watch watch) throws Exception {
        watch.time(() -> {
            await("readiness DOWN")
                    .atMost(PATIENCE)
                    .until(() -> !client.health().readiness().passes());
            return true;
        });
    }

    private static void checkFailsInTime(MessagingClient client) throws Exception {
        within(CHECK.plus(GRACE), watch -> {
            assertThatThrownBy(() -> watch.time(() -> {
                        client.healthCheck(CHECK);
                        return true;
                    }))
                    .satisfies(error -> {
                        assertThat(((MessagingException) error).code()).isEqualTo(ErrorCode.HEALTH_CHECK);
                        assertThat(MessagingException.is(error, ErrorCode.NO_BROKERS_AVAILABLE))
                                .isTrue();
                    });
            return true;
        });
    }

    private static void assertWorks(MessagingClient client, AtomicInteger handled) {
        await("up")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.health().reasons()).isEmpty());
        client.healthCheck(CHECK);
        int before = handled.get();
        client.producer().send(Message.builder("orders").valueText("x").build());
        await("handled").atMost(PATIENCE).until(() -> handled.get() > before);
    }
}
