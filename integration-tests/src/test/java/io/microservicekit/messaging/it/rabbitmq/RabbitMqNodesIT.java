package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.microservicekit.messaging.it.ProcessState;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.TestCertificates;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that one test has for itself, from start to end. */
@Tag("long-faults-rabbitmq")
class RabbitMqNodesIT {
    private static final String PASSWORD = "changeit";

    @Test
    void aNodeWithTlsRestartsInOrderAndLeavesNothing(@TempDir Path directory) throws Exception {
        TestCertificates known = certificates(directory.resolve("known"));
        known.identity("broker", "ip:127.0.0.1");
        Path stranger = certificates(directory.resolve("stranger")).trustStore();
        RabbitMqServer server = RabbitMqServer.builder()
                .tls(known.identityPem("broker"), known.trustPem())
                .start();
        try (server) {
            onlyWhoTrustsTheAuthorityConnects(server, known.trustStore(), stranger);
            whatIsDurableOutlivesARestart(server);
            closingLeavesNothing(server);
        }
    }

    private static TestCertificates certificates(Path directory) throws Exception {
        return TestCertificates.in(Files.createDirectories(directory), PASSWORD);
    }

    private static void onlyWhoTrustsTheAuthorityConnects(RabbitMqServer server, Path trusted, Path stranger)
            throws Exception {
        try (Connection connection = secured(server, trusted).newConnection("secured")) {
            assertThat(connection.isOpen()).isTrue();
            assertThat(server.operator().control("list_connections", "-q", "--no-table-headers", "ssl_protocol"))
                    .contains("tlsv1.3");
        }
        assertThatThrownBy(() -> secured(server, stranger).newConnection("refused"))
                .isInstanceOf(SSLHandshakeException.class);
    }

    private static ConnectionFactory secured(RabbitMqServer server, Path trustStore) throws Exception {
        ConnectionFactory factory = RawRabbitMq.factory(server);
        factory.setPort(Integer.parseInt(server.tlsAddress().split(":", -1)[1]));
        factory.useSslProtocol(context(trustStore));
        factory.enableHostnameVerification();
        return factory;
    }

    private static SSLContext context(Path trustStore) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(trustStore)) {
            store.load(in, PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static void whatIsDurableOutlivesARestart(RabbitMqServer server) throws Exception {
        try (Connection connection = RawRabbitMq.connect(server, "before");
                Channel channel = connection.createChannel()) {
            RawRabbitMq.declare(channel, "durable", "classic");
            RawRabbitMq.publish(channel, "durable", List.of("one"));
        }
        long first = server.pid();

        server.restart();

        assertThat(ProcessState.hasEnded(first)).isTrue();
        assertThat(server.log()).content().contains("SIGTERM received - shutting down");
        assertThat(RawRabbitMq.take(server, "durable", 1)).containsExactly("one");
    }

    private static void closingLeavesNothing(RabbitMqServer server) throws Exception {
        Path directory = server.log().getParent();
        List<Long> processes = RabbitMqProcesses.ofTheNode(server.pid());
        assertThat(processes).hasSizeGreaterThan(1);
        assertThat(directory).isDirectoryContaining(Files::isRegularFile);

        server.close();
        server.close();

        for (long each : processes) {
            assertThat(ProcessState.hasEnded(each)).as("process %s", each).isTrue();
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void aStartThatFailsShowsTheEndOfTheNodesLog() {
        assertThatThrownBy(() ->
                        RabbitMqServer.builder().property("heartbeat", "many").start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("starting a RabbitMQ node on 127.0.0.1:")
                .hasMessageContaining("it ended with status")
                .hasMessageContaining("heartbeat");
    }
}
