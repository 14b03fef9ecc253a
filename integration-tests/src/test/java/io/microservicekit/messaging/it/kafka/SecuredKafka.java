package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.SecuredListener;
import io.microservicekit.messaging.testkit.junit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** A broker with listeners for TLS, mutual TLS and SASL, two of them with bad certificates, and with access rules. */
final class SecuredKafka implements AutoCloseable {
    /** Of all stores; what must not be seen anywhere. */
    static final String CANARY = "CANARY-7f3a\"\\;";

    private static final String HERE = "ip:127.0.0.1,dns:localhost";

    private final Path directory;
    private final TestCertificates certificates;
    private final TestCertificates stranger;
    private final KafkaServer server;

    private SecuredKafka(Map<String, String> plainUsers) throws IOException {
        directory = Files.createTempDirectory("secured-kafka-");
        certificates = TestCertificates.in(Files.createDirectory(directory.resolve("ours")), CANARY);
        stranger = TestCertificates.in(Files.createDirectory(directory.resolve("theirs")), CANARY);
        Path good = certificates.identity("broker", HERE);
        server = KafkaServer.builder()
                .accessControl()
                .listener(tls("TLS", good))
                .listener(tls("MUTUAL", good).clientCertificates())
                .listener(tls("SASL", good).plain(plainUsers).scram())
                .listener(tls("ELSEWHERE", certificates.identity("elsewhere", "dns:elsewhere.example")))
                .listener(tls("EXPIRED", certificates.expiredIdentity("expired", HERE)))
                .start();
    }

    static SecuredKafka start(Map<String, String> plainUsers) throws IOException {
        return new SecuredKafka(plainUsers);
    }

    private SecuredListener tls(String name, Path keyStore) {
        return SecuredListener.tls(name, keyStore, certificates.trustStore(), CANARY);
    }

    KafkaServer server() {
        return server;
    }

    /** Whose authority the broker's certificates come from. */
    TestCertificates certificates() {
        return certificates;
    }

    /** Another authority. */
    TestCertificates stranger() {
        return stranger;
    }

    String at(String listener) {
        return server.bootstrapServers(listener);
    }

    /** Makes a user, or gives it another password. */
    void user(String name, String password) throws Exception {
        try (Admin admin = admin()) {
            for (ScramMechanism mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
                ScramCredentialInfo info = new ScramCredentialInfo(mechanism, 4096);
                admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, info, password)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    /** Lets a user do something with what has the name, or begins with it. */
    void grant(String principal, AclOperation operation, ResourceType type, String prefix) throws Exception {
        PatternType pattern = type == ResourceType.CLUSTER ? PatternType.LITERAL : PatternType.PREFIXED;
        AclBinding rule = new AclBinding(
                new ResourcePattern(type, prefix, pattern),
                new AccessControlEntry("User:" + principal, "*", operation, AclPermissionType.ALLOW));
        try (Admin admin = admin()) {
            admin.createAcls(List.of(rule)).all().get(30, TimeUnit.SECONDS);
        }
    }

    /** Lets a user send to, and read from, what begins with the prefix. */
    void grantAll(String principal, String prefix) throws Exception {
        grant(principal, AclOperation.ALL, ResourceType.TOPIC, prefix);
        grant(principal, AclOperation.ALL, ResourceType.GROUP, prefix);
    }

    Admin admin() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", server.bootstrapServers());
        settings.put("enable.metrics.push", "false");
        return Admin.create(settings);
    }

    /** How often the broker wrote a text into its log. */
    long logged(String text) throws IOException {
        try (var lines = Files.lines(server.log())) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
