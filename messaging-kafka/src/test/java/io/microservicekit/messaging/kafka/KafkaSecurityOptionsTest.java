package io.microservicekit.messaging.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaSecurityOptionsTest {
    private static final Secret SECRET = Secret.of("CANARY");
    private static final String JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule required;";

    @Test
    void whatWasChosenDecidesOnTheProtocol() {
        assertThat(protocol(builder -> {})).isNull();
        assertThat(protocol(builder -> builder.tls(KafkaTls.systemTrust()))).isEqualTo("SSL");
        assertThat(protocol(builder -> builder.sasl(KafkaSasl.plain("u", SECRET))))
                .isEqualTo("SASL_PLAINTEXT");
        assertThat(protocol(builder ->
                        builder.sasl(KafkaSasl.scramSha512("u", SECRET)).tls(KafkaTls.systemTrust())))
                .isEqualTo("SASL_SSL");
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void aContradictionIsNamed(String named, Consumer<KafkaOptionsBuilder> chosen) {
        KafkaOptionsBuilder builder = KafkaOptions.builder().brokers("h:1");
        chosen.accept(builder);
        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(named)
                .message()
                .doesNotContain("CANARY");
    }

    static Stream<Arguments> contradictions() {
        KafkaSasl sasl = KafkaSasl.plain("u", SECRET);
        return Stream.of(
                row(
                        "tls(..) and sasl(..) decide on property 'security.protocol'",
                        b -> b.tls(KafkaTls.systemTrust()).property("security.protocol", "SSL")),
                row(
                        "tls(..) and sasl(..) decide on property 'security.protocol'",
                        b -> b.sasl(sasl).property("security.protocol", "SASL_SSL")),
                row(
                        "tls(..) and the properties ssl.* say the same thing",
                        b -> b.tls(KafkaTls.systemTrust()).property("ssl.truststore.password", "CANARY")),
                row(
                        "sasl(..) and the properties sasl.* say the same thing",
                        b -> b.sasl(sasl).property("sasl.jaas.config", JAAS)),
                row("ssl.* would be ignored", b -> b.property("ssl.truststore.password", "CANARY")),
                row("ssl.* would be ignored", b -> b.sasl(sasl).property("ssl.truststore.password", "CANARY")),
                row(
                        "sasl.* would be ignored, since property 'security.protocol' is SSL",
                        b -> b.property("security.protocol", "SSL").property("sasl.mechanism", "PLAIN")),
                row("sasl.* would be ignored", b -> b.property("sasl.jaas.config", JAAS)),
                row("sasl(..) has an empty user", b -> b.sasl(KafkaSasl.plain("", SECRET))),
                row("control character in its user 'a\\u0000b'", b -> b.sasl(KafkaSasl.plain("a\0b", SECRET))),
                row(
                        "requestTimeout and property 'request.timeout.ms' say the same thing",
                        b -> b.requestTimeout(Duration.ofSeconds(1)).property("request.timeout.ms", "1000")),
                row(
                        "groupProtocol and property 'group.protocol' say the same thing",
                        b -> b.groupProtocol(KafkaGroupProtocol.CLASSIC).property("group.protocol", "classic")),
                row(
                        "sessionTimeout contradicts groupProtocol(CONSUMER)",
                        b -> b.groupProtocol(KafkaGroupProtocol.CONSUMER).sessionTimeout(Duration.ofSeconds(10))),
                row(
                        "'heartbeat.interval.ms' contradicts groupProtocol(CONSUMER)",
                        b -> b.property("group.protocol", "consumer").property("heartbeat.interval.ms", "1000")),
                row(
                        "'group.remote.assignor' needs groupProtocol(CONSUMER)",
                        b -> b.property("group.remote.assignor", "uniform")),
                row(
                        "sessionTimeout is PT0.999S, must be from PT1S to PT30M",
                        b -> b.sessionTimeout(Duration.ofMillis(999))),
                row(
                        "maxPollInterval is PT5S, must be from PT6S to PT24H",
                        b -> b.maxPollInterval(Duration.ofSeconds(5))),
                row("metadataMaxAge is PT0S, must be from PT0.1S to PT24H", b -> b.metadataMaxAge(Duration.ZERO)));
    }

    @Test
    void typedTimesBecomeSettingsOfTheDriver() {
        KafkaOptions options = KafkaOptions.builder()
                .brokers("h:1")
                .requestTimeout(Duration.ofSeconds(5))
                .requestTimeout(Duration.ofSeconds(7))
                .sessionTimeout(Duration.ofSeconds(9))
                .maxPollInterval(Duration.ofMinutes(1))
                .metadataMaxAge(Duration.ofSeconds(2))
                .build();
        assertThat(options.properties())
                .containsEntry("request.timeout.ms", "7000")
                .containsEntry("session.timeout.ms", "9000")
                .containsEntry("max.poll.interval.ms", "60000")
                .containsEntry("metadata.max.age.ms", "2000");
    }

    @Test
    void nothingShowsASecret() {
        KafkaTls tls = KafkaTls.builder()
                .trust(KafkaStore.jks(Path.of("trust.jks"), SECRET))
                .identity(KafkaStore.pem(Path.of("me.pem"), SECRET))
                .protocols(KafkaTls.Protocol.TLS_1_3)
                .build();
        KafkaOptions options = KafkaOptions.builder()
                .brokers("h:1")
                .tls(tls)
                .sasl(KafkaSasl.scramSha256("alice", SECRET))
                .topology(KafkaTopology.create(6, 3, Collections.singletonMap("min.insync.replicas", "2")))
                .build();
        assertThat(options.toString())
                .isEqualTo(
                        "KafkaOptions[brokers=[h:1], tls=KafkaTls[trust=JKS trust.jks, identity=PEM me.pem, protocols=[TLSv1.3]],"
                                + " sasl=KafkaSasl[SCRAM-SHA-256, user=alice],"
                                + " topology=create(partitions=6, replication=3, configs={min.insync.replicas=2}),"
                                + " partitioner=MURMUR2, properties={security.protocol=SASL_SSL}, revokeDrain=PT5S]")
                .doesNotContain("CANARY");
        assertThat(SECRET).hasToString("***");
    }

    private static Arguments row(String named, Consumer<KafkaOptionsBuilder> chosen) {
        return Arguments.of(named, chosen);
    }

    private static String protocol(Consumer<KafkaOptionsBuilder> chosen) {
        KafkaOptionsBuilder builder = KafkaOptions.builder().brokers("h:1");
        chosen.accept(builder);
        return builder.build().properties().get("security.protocol");
    }
}
