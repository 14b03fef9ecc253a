package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaSasl;
import io.microservicekit.messaging.kafka.KafkaStore;
import io.microservicekit.messaging.kafka.KafkaTls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** F28: credentials that change while a client runs; the broker is restarted so that each connection begins anew. */
@Tag("long-faults-kafka")
class KafkaCredentialsFaultIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static SecuredKafka kafka;

    private MessagingClient client;

    @BeforeAll
    static void start() throws Exception {
        kafka = SecuredKafka.start(Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
    }

    @AfterEach
    void close() {
        client.shutdown(Duration.ofSeconds(5));
    }

    @Test
    void aRenewedPasswordIsUsedAtTheNextConnectionWithoutARestart() throws Exception {
        AtomicReference<String> password = new AtomicReference<>("first-password");
        kafka.user("renewed", "first-password");
        kafka.grantAll("renewed", "open-");
        client = open(KafkaSasl.scramSha512("renewed", Secret.suppliedBy(password::get)));
        kafka.server().createTopic("open-renewed", 1);
        List<String> received = new CopyOnWriteArrayList<>();
        Subscription subscription = client.consumer("open-renewed")
                .subscribe(
                        List.of("open-renewed"), m -> received.add(m.message().valueText()));
        subscription.awaitReady(PATIENCE);
        kafka.user("renewed", "second-password");
        password.set("second-password");
        kafka.server().restart();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> client.producer()
                        .send(Message.builder("open-renewed").valueText("after").build(), Duration.ofSeconds(5)));
        await().atMost(PATIENCE).until(() -> received.contains("after"));
        assertThat(subscription.completion()).isNotDone();
    }

    @Test
    void aProducerMadeBeforeItsPasswordIsRightSendsOnceItIs() throws Exception {
        AtomicReference<String> password = new AtomicReference<>("not-yet-known");
        kafka.user("late", "the-password");
        kafka.grantAll("late", "open-");
        kafka.server().createTopic("open-late", 1);
        client = builder(KafkaSasl.scramSha512("late", Secret.suppliedBy(password::get)))
                .startup(Startup.WAIT)
                .build();
        MessageProducer producer = client.producer();
        Message message = Message.builder("open-late").valueText("late").build();
        await().atMost(PATIENCE).until(() -> client.health().toString().contains("refuse its connections"));
        assertThatThrownBy(() -> producer.send(message, Duration.ofSeconds(2)))
                .matches(error -> MessagingException.is(error, ErrorCode.AUTHENTICATION))
                .isInstanceOfSatisfying(
                        SendException.class,
                        error -> assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED));
        CompletableFuture<SendResult> waiting = producer.sendAsync(message);
        password.set("the-password");
        assertThat(waiting).succeedsWithin(PATIENCE);
        assertThat(producer.send(message).offset()).isPositive();
        await().atMost(PATIENCE).until(() -> !client.health().toString().contains("refuse its connections"));
    }

    @Test
    void aPasswordThatIsNoLongerValidEndsTheSubscriptionByName() throws Exception {
        kafka.user("expelled", "first-password");
        kafka.grantAll("expelled", "open-");
        client = open(KafkaSasl.scramSha512("expelled", Secret.of("first-password")));
        kafka.server().createTopic("open-expelled", 1);
        Subscription subscription = client.consumer("open-expelled").subscribe(List.of("open-expelled"), m -> {});
        subscription.awaitReady(PATIENCE);
        kafka.user("expelled", "second-password");
        kafka.server().restart();
        assertThatThrownBy(() -> subscription.completion().get(60, TimeUnit.SECONDS))
                .matches(error -> MessagingException.is(error, ErrorCode.AUTHENTICATION))
                .hasMessageContaining("the broker refused our credentials");
    }

    private static MessagingClient open(KafkaSasl sasl) {
        return builder(sasl).build();
    }

    private static MessagingClientBuilder builder(KafkaSasl sasl) {
        KafkaStore trust = KafkaStore.pem(kafka.certificates().trustPem());
        return MessagingClients.builder()
                .backend(KafkaOptions.builder()
                        .brokers(kafka.at("SASL"))
                        .tls(KafkaTls.builder().trust(trust).build())
                        .sasl(sasl)
                        .metadataMaxAge(Duration.ofSeconds(1))
                        .build());
    }
}
