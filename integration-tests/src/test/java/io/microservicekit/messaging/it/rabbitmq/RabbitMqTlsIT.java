package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqStore;
import io.microservicekit.messaging.rabbitmq.RabbitMqTls;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose certificate is for {@code localhost} only, and which takes messages of 1 MiB at most. */
class RabbitMqTlsIT {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final String PASSWORD = "changeit-changeit";
    private static final int MIB = 1 << 20;

    private static RabbitMqServer server;
    private static TestCertificates certificates;
    private static Path identity;

    @BeforeAll
    static void start(@TempDir Path directory) {
        certificates = TestCertificates.in(directory, PASSWORD);
        certificates.identity("broker", "dns:localhost");
        identity = certificates.identity("shop", "dns:shop");
        server = node().property("max_message_size", String.valueOf(MIB)).start();
    }

    private static RabbitMqServer.Builder node() {
        return RabbitMqServer.builder().tls(certificates.identityPem("broker"), certificates.trustPem());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static MessagingClient open(String host, RabbitMqTls tls) {
        return open(host + ":" + port(server.tlsAddress()), "guest", tls);
    }

    private static MessagingClient open(String address, String user, RabbitMqTls tls) {
        return MessagingClients.builder()
                .backend(RabbitMqOptions.builder()
                        .brokers(address)
                        .credentials(user, Secret.of(user))
                        .tls(tls)
                        .build())
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    private static String port(String address) {
        return address.split(":", -1)[1];
    }

    private static RabbitMqTls trusting() {
        return trusting(RabbitMqStore.pkcs12(certificates.trustStore(), Secret.of(PASSWORD)))
                .build();
    }

    private static RabbitMqTls.Builder trusting(RabbitMqStore authorities) {
        return RabbitMqTls.builder().trust(authorities);
    }

    /** What the broker says of the certificates that its clients have shown. */
    private static String shown() {
        return server.operator().control("list_connections", "ssl", "peer_cert_subject");
    }

    private static void takesMessages(MessagingClient client) {
        client.consumer("order").subscribe("order", message -> {}).awaitReady(Duration.ofSeconds(60));
        assertThat(client.producer()
                        .send(Message.builder("order").valueText("1").build())
                        .routed())
                .isTrue();
    }

    private static void isRefused(String host, RabbitMqTls tls, String reason) {
        isRefused(() -> open(host, tls), reason);
    }

    private static void isRefused(Supplier<MessagingClient> opening, String reason) {
        long start = System.nanoTime();
        MessagingException error = catchThrowableOfType(MessagingException.class, opening::get);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CONNECT_TIMEOUT.plusSeconds(5));
        assertThat(error.code()).isEqualTo(ErrorCode.CREATE_CLIENT);
        assertThat(MessagingException.is(error, ErrorCode.AUTHENTICATION))
                .as("%s", error)
                .isTrue();
        assertThat(error)
                .hasStackTraceContaining("Check the certificate of the broker, its host name and the trust store");
        assertThat(error).hasStackTraceContaining(reason);
    }

    @Test
    void aCertificateForAnotherHostNameIsRefused() {
        isRefused("127.0.0.1", trusting(), "127.0.0.1");
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() {
        isRefused("localhost", RabbitMqTls.systemTrust(), "certification path");
    }

    /** F29: what the broker got was no greeting, and nobody logged in. */
    @Test
    void atAPlaintextPortTheFailedHandshakeIsNamedAndTlsNeverFallsBackToPlaintext() throws IOException {
        String user = "tls-only";
        server.operator().addUser(user, user);
        server.operator().permitAll(user, "/");

        isRefused(
                () -> open("localhost:" + port(server.address()), user, trusting()), "Unsupported or unrecognized SSL");

        // A node answers before it writes its log.
        await("a handshake at the plaintext port, in the words of 3.10 or of 4.3")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Files.readString(server.log()))
                        .containsAnyOf("bad_header", "TLS client detected on non-TLS AMQP port"));
        assertThat(Files.readString(server.log())).doesNotContain("'" + user + "' authenticated");
        open("localhost:" + port(server.tlsAddress()), user, trusting()).close();
        await("the login over TLS")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(Files.readString(server.log())).contains("'" + user + "' authenticated"));
    }

    @Test
    void authoritiesComeFromPemAndFromJksAndIdentitiesFromPemAndFromPkcs12() throws IOException {
        Path commented = certificates.trustPem().resolveSibling("commented.pem");
        Files.writeString(commented, "# Autorité de la boutique\n" + Files.readString(certificates.trustPem()));
        RabbitMqTls pem = trusting(RabbitMqStore.pem(commented))
                .identity(RabbitMqStore.pem(certificates.identityPem("shop")))
                .build();
        RabbitMqTls stores = trusting(RabbitMqStore.jks(certificates.trustStoreJks(), Secret.of(PASSWORD)))
                .identity(RabbitMqStore.pkcs12(identity, Secret.of(PASSWORD)))
                .build();
        try (MessagingClient first = open("localhost", pem);
                MessagingClient second = open("localhost", stores)) {
            takesMessages(first);
            takesMessages(second);
            assertThat(shown().lines().filter("true\tCN=shop"::equals))
                    .as("two connections of each client, with its certificate")
                    .hasSize(4);
        }
    }

    @Test
    void aUrlOfAmqpsEncryptsAndATrustBesideItIsUsed() {
        String url = "amqps://guest:guest@localhost:" + port(server.tlsAddress()) + "/%2F";
        try (MessagingClient client = MessagingClients.builder()
                .backend(RabbitMqOptions.builder().url(url).tls(trusting()).build())
                .connectTimeout(CONNECT_TIMEOUT)
                .build()) {
            takesMessages(client);
        }
        RabbitMqOptions systemTrust = RabbitMqOptions.builder().url(url).build();
        MessagingException error = catchThrowableOfType(
                MessagingException.class,
                () -> MessagingClients.builder().backend(systemTrust).build());
        assertThat(MessagingException.is(error, ErrorCode.AUTHENTICATION))
                .as("the authorities of this Java alone: %s", error)
                .isTrue();
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void aBrokerThatAsksForCertificatesRefusesAClientWithoutOne() {
        try (RabbitMqServer strict = node().clientCertificates().start()) {
            RabbitMqTls shop = trusting(RabbitMqStore.pem(certificates.trustPem()))
                    .identity(RabbitMqStore.pem(certificates.identityPem("shop")))
                    .build();
            try (MessagingClient client = open("localhost:" + port(strict.tlsAddress()), "guest", shop)) {
                takesMessages(client);
            }
            MessagingException error = catchThrowableOfType(
                    MessagingException.class,
                    () -> open("localhost:" + port(strict.tlsAddress()), "guest", trusting()));
            // With TLS 1.3 it may be told by a reset only: the broker closes after the client's side of the handshake
            // has ended.
            assertThat(error.code()).as("%s", error).isEqualTo(ErrorCode.CREATE_CLIENT);
        }
    }

    @Test
    void aMessageThatTheBrokerFindsTooLargeIsNotDeliveredAndTheNextOneIs() {
        try (MessagingClient client = open("localhost", trusting())) {
            client.consumer("large").subscribe("large", message -> {}).awaitReady(Duration.ofSeconds(60));
            MessagingException error = catchThrowableOfType(
                    MessagingException.class,
                    () -> client.producer()
                            .send(Message.builder("large")
                                    .value(new byte[2 * MIB])
                                    .build()));

            assertThat(MessagingException.is(error, ErrorCode.MESSAGE_TOO_LARGE))
                    .as("%s", error)
                    .isTrue();
            assertThat(error).hasMessageContaining("max_message_size");
            assertThat(client.producer()
                            .send(Message.builder("large")
                                    .value(new byte[MIB / 2])
                                    .build())
                            .routed())
                    .isTrue();
        }
    }
}
