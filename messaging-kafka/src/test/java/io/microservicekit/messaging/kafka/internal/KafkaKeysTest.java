package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys below {@code kafka.} of a configuration. */
class KafkaKeysTest {
    @Test
    void eachKeyOfOursSetsItsOption() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("revoke_drain", "1s");
        values.put("request_timeout", "2s");
        values.put("session_timeout", "3s");
        values.put("max_poll_interval", "60s");
        values.put("metadata_max_age", Duration.ofSeconds(5));
        values.put("group_protocol", "classic");
        values.put("create_partitions", 6);
        values.put("create_replication", "3");
        values.put("partitioner", "sarama_fnv1a");
        values.put("tls", true);
        values.put("tls_trust_store", "ca.pem");
        values.put("tls_key_store", "me.p12");
        values.put("tls_key_type", "pkcs12");
        values.put("tls_key_password", "CANARY");
        values.put("sasl_mechanism", "scram-sha-512");
        values.put("sasl_user", "alice");
        values.put("sasl_password", "CANARY");
        values.put("fetch.max.bytes", "1000000");
        Settings settings = Settings.of(List.of("h:1"), values);
        KafkaOptions options = (KafkaOptions) new KafkaBackendProvider().options(settings);
        assertThat(settings.violations()).isEmpty();
        assertThat(options)
                .hasToString("KafkaOptions[brokers=[h:1], tls=KafkaTls[trust=PEM ca.pem, identity=PKCS12 me.p12,"
                        + " protocols=[TLSv1.2, TLSv1.3]], sasl=KafkaSasl[SCRAM-SHA-512, user=alice],"
                        + " topology=create(partitions=6, replication=3, configs={}), partitioner=SARAMA_FNV1A, properties={fetch.max.bytes=1000000,"
                        + " group.protocol=classic, max.poll.interval.ms=60000, metadata.max.age.ms=5000,"
                        + " request.timeout.ms=2000, security.protocol=SASL_SSL, session.timeout.ms=3000},"
                        + " revokeDrain=PT1S]");
        assertThat(new KafkaBackendProvider().keys()).containsAll(values.keySet());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    create_partitions=3                        | 'kafka.create_partitions' and 'kafka.create_replication' belong together
                    sasl_user=alice                              | 'sasl_user' and 'sasl_password' must be given together
                    sasl_user=a,sasl_password=CANARY             | 'sasl_mechanism' must be PLAIN
                    sasl_mechanism=oauthbearer                   | such as 'sasl.mechanism', in a map or properties
                    tls_trust_store=ca.pem                       | 'tls_*' would be ignored
                    tls=true,tls_trust_password=CANARY           | tls_trust_type and tls_trust_password need tls_trust_store, which is not set
                    tls=true,tls_key_type=pkcs12                 | tls_key_type and tls_key_password need tls_key_store, which is not set
                    tls=true,tls_key_store=k.p12,tls_key_type=pkcs12 | 'tls_key_type' must be PEM, or PKCS12 or JKS with 'tls_key_password'
                    tls=true,tls_key_store=k,tls_key_type=CANARY,tls_key_password=CANARY | 'tls_key_type' must be PEM
                    """)
    void whatDoesNotFitTogetherIsNamed(String given, String named) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String pair : given.split(",", -1)) {
            values.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        Settings settings = Settings.of(List.of("h:1"), values);
        new KafkaBackendProvider().options(settings);
        assertThat(settings.violations())
                .singleElement()
                .asString()
                .contains(named)
                .doesNotContain("CANARY");
    }
}
