package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.rabbitmq.RabbitMqCredentials;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A password that changes while a client runs; the operator closes its connections so that each begins anew. */
@Fault("F28")
@ExtendWith(FaultNode.class)
class RabbitMqCredentialsFaultIT {
    private static final Duration CHECK = Duration.ofSeconds(2);
    private static final String FIRST = "first-password";
    private static final String SECOND = "second-password";

    private final RabbitMqServer server;
    private final String user = RawRabbitMq.name("renewed");
    private final String topic = RawRabbitMq.name("credentials");
    private final AtomicReference<String> password = new AtomicReference<>(FIRST);
    private final List<String> received = new CopyOnWriteArrayList<>();

    RabbitMqCredentialsFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    @BeforeEach
    void addUser() {
        server.operator().addUser(user, FIRST);
        server.operator().permitAll(user, "/");
    }

    private MessagingClient open() {
        return MessagingClients.builder()
                .backend(RabbitMqOptions.builder()
                        .brokers(server.address())
                        .credentials(() -> new RabbitMqCredentials(user, Secret.of(password.get())))
                        .build())
                .build();
    }

    private Subscription consume(MessagingClient client) {
        return client.consumer(topic)
                .subscribe(topic, message -> received.add(message.valueText()))
                .awaitReady(PATIENCE);
    }

    private void send(MessagingClient client, String value) {
        client.producer().send(Message.builder(topic).valueText(value).build(), CHECK);
    }

    /** From now on the broker takes the second password only, and asks for it. */
    private void renew() {
        server.operator().control("change_password", user, SECOND);
        server.operator().closeAllConnections("new password");
    }

    private void goesOn(MessagingClient client) {
        await("a message sent").atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> send(client, "after"));
        await("and received").atMost(PATIENCE).until(() -> received.contains("after"));
    }

    @Test
    void aRenewedPasswordIsUsedAtTheNextConnectionWithoutARestart() {
        try (MessagingClient client = open()) {
            Subscription subscription = consume(client);
            send(client, "before");
            password.set(SECOND);
            renew();

            goesOn(client);
            assertThat(received).contains("before");
            assertThat(subscription.completion()).isNotDone();
            password.set(FIRST);
            assertThatThrownBy(this::open)
                    .as("did not test: the first password is still taken")
                    .matches(error -> MessagingException.is(error, ErrorCode.AUTHENTICATION));
        }
    }

    /** A broker locks out whoever is wrong too often: so half a minute lies between two attempts. */
    @Test
    @Tag("long-faults-rabbitmq")
    void aWrongPasswordIsNamedAndTheRightOneIsUsedOnceItIsKnown() {
        try (MessagingClient client = open()) {
            Subscription subscription = consume(client);
            send(client, "before");
            renew();

            await("named")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> client.healthCheck(CHECK))
                            .matches(error -> MessagingException.is(error, ErrorCode.AUTHENTICATION))
                            .hasStackTraceContaining("Check user and password")
                            .hasMessageNotContaining(FIRST));
            assertThat(client.health().readiness().passes()).isFalse();
            assertThat(client.health().readiness().reasons()).anyMatch(reason -> reason.contains("ACCESS_REFUSED"));
            assertThatThrownBy(() -> send(client, "lost"))
                    .matches(error -> MessagingException.is(error, ErrorCode.AUTHENTICATION)
                            || String.valueOf(error.getMessage()).contains("ACCESS_REFUSED"));
            assertThat(subscription.completion()).isNotDone();
            password.set(SECOND);

            goesOn(client);
            assertThat(received).doesNotContain("lost");
            assertThat(client.health().readiness().passes()).isTrue();
        }
    }
}
