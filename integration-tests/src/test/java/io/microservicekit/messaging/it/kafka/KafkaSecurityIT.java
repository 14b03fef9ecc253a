package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.kafka.KafkaPartitioner;
import io.microservicekit.messaging.kafka.KafkaSasl;
import io.microservicekit.messaging.kafka.KafkaStore;
import io.microservicekit.messaging.kafka.KafkaTls;
import io.microservicekit.messaging.kafka.KafkaTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS, credentials and rights on the real broker, through the whole client. */
@ExtendWith(SecuredKafkaExtension.class)
class KafkaSecurityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final String CANARY = SecuredKafka.CANARY;
    private static final String ODD = "ä ß=,'{}$%&<>#!/*é漢 字🔑";

    private final SecuredKafka kafka;

    private final List<MessagingClient> clients = new ArrayList<>();

    KafkaSecurityIT(SecuredKafka kafka) {
        this.kafka = kafka;
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.shutdown(Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void aMessageGoesAroundWithEachMechanism(String mechanism) {
        KafkaSasl sasl = switch (mechanism) {
            case "PLAIN" -> KafkaSasl.plain("plain", Secret.of(CANARY));
            case "SCRAM-SHA-256" -> KafkaSasl.scramSha256("alice", Secret.of(CANARY));
            default -> KafkaSasl.scramSha512("alice", Secret.of(CANARY));
        };
        assertGoesAround(open(sasl(sasl)), "open-" + mechanism.toLowerCase(Locale.ROOT));
    }

    @Test
    void oddPasswordsAreTakenAsTheyAre() throws Exception {
        assertThat(open(sasl(KafkaSasl.plain("odd", Secret.of(SecuredKafkaExtension.ODD_PLAIN)))))
                .isNotNull();
        kafka.user("odd", ODD);
        assertThat(open(sasl(KafkaSasl.scramSha512("odd", Secret.of(ODD))))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PEM", "PKCS12", "JKS"})
    void eachKindOfTrustStoreIsRead(String type) {
        Secret password = Secret.of(CANARY);
        KafkaStore trust = switch (type) {
            case "PEM" -> KafkaStore.pem(kafka.certificates().trustPem());
            case "PKCS12" -> KafkaStore.pkcs12(kafka.certificates().trustStore(), password);
            default -> KafkaStore.jks(kafka.certificates().trustStoreJks(), password);
        };
        assertGoesAround(
                open(tls("TLS").tls(KafkaTls.builder().trust(trust).build())),
                "open-trust-" + type.toLowerCase(Locale.ROOT));
    }

    @Test
    void mutualTlsShowsWhoWeAre() {
        KafkaStore pkcs12 = KafkaStore.pkcs12(kafka.certificates().identity("me", "dns:me"), Secret.of(CANARY));
        assertGoesAround(open(tls("MUTUAL").tls(trusting().identity(pkcs12).build())), "open-mutual");
        KafkaStore pem = KafkaStore.pem(kafka.certificates().identityPem("me"));
        assertThat(open(tls("MUTUAL").tls(trusting().identity(pem).build()))).isNotNull();
    }

    @Test
    void onlyTheChosenVersionOfTlsIsSpoken() {
        assertThat(open(tls("TLS")
                        .tls(trusting().protocols(KafkaTls.Protocol.TLS_1_2).build())))
                .isNotNull();
    }

    /** F29. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ELSEWHERE | the broker's certificate is not for the host name that we called
                    EXPIRED   | the broker's certificate is not valid at this time
                    MUTUAL    | give one that it trusts to KafkaTls identity(..)
                    """)
    void aFailedCheckOfTlsIsNamed(String listener, String named) {
        assertRefused(tls(listener).tls(trusting().build()), named);
    }

    /** F29. */
    @Test
    void anAuthorityThatWeDoNotTrustIsRefused() {
        KafkaStore other = KafkaStore.pem(kafka.stranger().trustPem());
        String named = "no authority that we trust has signed the broker's certificate";
        assertRefused(tls("TLS").tls(KafkaTls.builder().trust(other).build()), named);
        assertRefused(tls("TLS").tls(KafkaTls.systemTrust()), named);
    }

    /** F29. */
    @Test
    void aCertificateOfAnAuthorityThatTheBrokerDoesNotTrustIsRefused() {
        KafkaStore other = KafkaStore.pkcs12(kafka.stranger().identity("other", "dns:other"), Secret.of(CANARY));
        assertRefused(tls("MUTUAL").tls(trusting().identity(other).build()), "the broker ended the TLS handshake");
    }

    /** F29: a broker without TLS says nothing that could be read as an answer. */
    @Test
    void tlsNeverFallsBackToPlaintext() {
        KafkaOptionsBuilder options = KafkaOptions.builder()
                .brokers(kafka.server().bootstrapServers())
                .tls(trusting().build());
        assertThatThrownBy(() -> open(options, Duration.ofSeconds(3)))
                .matches(error -> MessagingException.is(error, ErrorCode.NO_BROKERS_AVAILABLE))
                .hasMessageContaining("that their listener speaks SSL");
    }

    /** F29: such a broker ends the connection without a word that the driver could read. */
    @Test
    void aPlaintextClientAtATlsPortHearsInTimeThatNoBrokerAnswers() throws Exception {
        Duration connectTimeout = Duration.ofSeconds(3);
        Within.within(connectTimeout.plusSeconds(2), watch -> {
            watch.time(() -> {
                assertThatThrownBy(() -> open(tls("TLS"), connectTimeout))
                        .matches(error -> MessagingException.is(error, ErrorCode.NO_BROKERS_AVAILABLE));
                return null;
            });
            return null;
        });
    }

    /** F28: at once, and not again and again. */
    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512"})
    void aWrongPasswordFailsFast(String mechanism) throws Exception {
        Secret wrong = Secret.of("WRONG-" + CANARY);
        KafkaSasl sasl =
                mechanism.equals("PLAIN") ? KafkaSasl.plain("plain", wrong) : KafkaSasl.scramSha512("alice", wrong);
        long before = kafka.logged("Failed authentication");
        Within.within(Duration.ofSeconds(8), watch -> {
            watch.time(() -> {
                assertRefused(sasl(sasl), "the broker refused our credentials");
                return null;
            });
            return null;
        });
        assertThat(kafka.logged("Failed authentication") - before).isBetween(1L, 10L);
    }

    /** F30. */
    @Test
    void aMissingRightIsNamedAndTheOthersGoOn() throws Exception {
        MessagingClient client = open(sasl(KafkaSasl.scramSha512("alice", Secret.of(CANARY))));
        kafka.server().createTopic("secret-orders", 1);
        Subscription forbidden = client.consumer("open-forbidden").subscribe(List.of("secret-orders"), m -> {});
        assertThatThrownBy(() -> forbidden.completion().get(60, TimeUnit.SECONDS))
                .matches(error -> MessagingException.is(error, ErrorCode.AUTHORIZATION))
                .hasMessageContaining("Grant Read on topic 'secret-orders'");
        kafka.server().createTopic("open-fine", 1);
        Subscription group = client.consumer("secret-group").subscribe(List.of("open-fine"), m -> {});
        assertThatThrownBy(() -> group.completion().get(60, TimeUnit.SECONDS))
                .matches(error -> MessagingException.is(error, ErrorCode.AUTHORIZATION))
                .hasMessageContaining("Grant Read on group 'secret-group'");
        assertGoesAround(client, "open-goes-on");
        assertMayNotSend(client, "secret-orders");
        assertGoesAround(client, "open-goes-on-still");
    }

    /** F30: with this partitioner it is we who ask for the partitions. */
    @Test
    void aMissingRightToSendIsNamedWithTheOtherPartitionerToo() {
        kafka.server().createTopic("secret-orders-too", 1);
        KafkaOptionsBuilder options = sasl(KafkaSasl.scramSha512("alice", Secret.of(CANARY)));
        assertMayNotSend(open(options.partitioner(KafkaPartitioner.SARAMA_FNV1A)), "secret-orders-too");
    }

    /** F30. */
    @Test
    void theRightToCreateATopicIsNamedWhenItIsMissing() {
        MessagingClient client =
                open(sasl(KafkaSasl.scramSha512("alice", Secret.of(CANARY))).topology(KafkaTopology.create(1, 1)));
        Subscription made = client.consumer("open-made").subscribe(List.of("open-made"), m -> {});
        made.awaitReady(PATIENCE);
        Subscription forbidden = client.consumer("open-not-made").subscribe(List.of("secret-new"), m -> {});
        assertThatThrownBy(() -> forbidden.completion().get(60, TimeUnit.SECONDS))
                .matches(error -> MessagingException.is(error, ErrorCode.AUTHORIZATION))
                .hasMessageContaining("Grant ")
                .hasMessageContaining(" on topic 'secret-new'");
    }

    private static void assertMayNotSend(MessagingClient client, String topic) {
        Message message = Message.builder(topic).keyText("k").valueText("x").build();
        assertThatThrownBy(() -> client.producer().send(message))
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
                    assertThat(MessagingException.is(error, ErrorCode.AUTHORIZATION))
                            .isTrue();
                })
                .hasMessageContaining("Grant Write on topic '" + topic + "'");
    }

    private void assertGoesAround(MessagingClient client, String topic) {
        kafka.server().createTopic(topic, 1);
        List<String> received = new CopyOnWriteArrayList<>();
        Subscription subscription = client.consumer(topic)
                .subscribe(List.of(topic), m -> received.add(m.message().valueText()));
        subscription.awaitReady(PATIENCE);
        client.producer().send(Message.builder(topic).valueText("around").build());
        await().atMost(PATIENCE).until(() -> received.equals(List.of("around")));
        subscription.close(Duration.ofSeconds(5));
    }

    private void assertRefused(KafkaOptionsBuilder options, String named) {
        assertThatThrownBy(() -> open(options))
                .isInstanceOf(MessagingException.class)
                .isNotInstanceOf(CompletionException.class)
                .matches(error -> MessagingException.is(error, ErrorCode.AUTHENTICATION))
                .hasMessageContaining(named)
                .message()
                .doesNotContain(CANARY);
    }

    private MessagingClient open(KafkaOptionsBuilder options) {
        return open(options, CONNECT);
    }

    private MessagingClient open(KafkaOptionsBuilder options, Duration connectTimeout) {
        MessagingClient client = MessagingClients.builder()
                .backend(options.metadataMaxAge(Duration.ofSeconds(1)).build())
                .connectTimeout(connectTimeout)
                .build();
        clients.add(client);
        return client;
    }

    private KafkaOptionsBuilder sasl(KafkaSasl sasl) {
        return tls("SASL").tls(trusting().build()).sasl(sasl);
    }

    private KafkaOptionsBuilder tls(String listener) {
        return KafkaOptions.builder().brokers(kafka.at(listener));
    }

    private KafkaTls.Builder trusting() {
        return KafkaTls.builder().trust(KafkaStore.pem(kafka.certificates().trustPem()));
    }
}
