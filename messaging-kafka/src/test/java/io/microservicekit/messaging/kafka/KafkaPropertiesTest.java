package io.microservicekit.messaging.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is passed on to the driver, and what is not: one row for each refusal. */
class KafkaPropertiesTest {
    private static final String OAUTH = "org.apache.kafka.common.security.oauthbearer.";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    enable.auto.commit                     | committed after the handler only; use ConsumerOptions.ackMode
                    auto.commit.interval.ms                | committed after the handler only
                    acks                                   | confirmed by all in-sync replicas
                    enable.idempotence                     | must not make duplicates
                    isolation.level                        | aborted transactions are never delivered
                    auto.offset.reset                      | use ConsumerOptions.startPosition
                    partition.assignment.strategy          | use groupProtocol(..)
                    max.block.ms                           | sendAsync never blocks
                    delivery.timeout.ms                    | use ProducerOptions.sendTimeout
                    buffer.memory                          | use ProducerOptions.maxInFlightBytes
                    socket.connection.setup.timeout.ms     | use the client builder's connectTimeout(..)
                    partitioner.class                      | equal keys go to one partition
                    partitioner.ignore.keys                | equal keys go to one partition
                    check.crcs                             | a corrupted message is never delivered
                    transactional.id                       | transactions are not supported
                    transaction.timeout.ms                 | transactions are not supported
                    transaction.two.phase.commit.enable    | transactions are not supported
                    share.acknowledgement.mode             | share groups are not supported
                    share.acquire.mode                     | share groups are not supported
                    allow.auto.create.topics               | use topology(KafkaTopology.create(..))
                    internal.throw.on.fetch.stable.offset.unsupported | the driver's own tests
                    group.id                               | use client.consumer(group)
                    bootstrap.servers                      | use brokers(..)
                    bootstrap.controllers                  | use brokers(..)
                    bootstrap.resolve.timeout.ms           | are waited for by this library
                    client.id                              | clientId(..)
                    interceptor.classes                    | wrap the MessageHandler or MessageProducer
                    config.providers                       | use Secret.suppliedBy(..)
                    security.providers                     | install providers in the JVM
                    ssl.engine.factory.class               | always verified; use tls(..)
                    sasl.client.callback.handler.class     | it sees credentials
                    sasl.login.class                       | it sees credentials
                    sasl.kerberos.kinit.cmd                | it runs a program; use a keytab
                    key.serializer                         | serialize in your own code
                    value.serializer                       | serialize in your own code
                    key.deserializer                       | serialize in your own code
                    value.deserializer                     | serialize in your own code
                    """)
    void aSettingThatWouldBreakAPromiseIsRefusedWithTheReasonAndTheRemedy(String name, String reason) {
        assertRefused(name, "CANARY", reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    max.in.flight.requests.per.connection  | 6            | must be from 1 to 5
                    max.in.flight.requests.per.connection  | 0            | must be from 1 to 5
                    retries                                | 0            | must be from 1
                    retries                                | -1           | must be from 1
                    max.poll.interval.ms                   | 1            | must be milliseconds from 6000 to 86400000
                    max.poll.interval.ms                   | 5m           | must be milliseconds from 6000
                    max.poll.interval.ms                   | 86400001     | must be milliseconds from 6000
                    metadata.max.age.ms                    | 30s          | must be milliseconds from 100 to 86400000
                    metadata.max.age.ms                    | 99           | must be milliseconds from 100
                    metadata.max.age.ms                    | ''           | must be milliseconds from 100
                    request.timeout.ms                     | 60001        | must be milliseconds from 100 to 60000
                    session.timeout.ms                     | 999          | must be milliseconds from 1000 to 1800000
                    fetch.max.bytes                        | CANARY       | must be a whole number
                    fetch.max.bytes                        | -5           | must be a whole number, within the driver's [0,...]
                    fetch.max.bytes                        | 1.5          | must be a whole number
                    fetch.max.bytes                        | 9999999999   | must be a whole number
                    linger.ms                              | abc          | must be milliseconds from 0 to 86400000
                    linger.ms                              | ''           | must be milliseconds from 0
                    linger.ms                              | 1000000000   | must be milliseconds from 0
                    fetch.max.wait.ms                      | abc          | must be a whole number
                    fetch.max.wait.ms                      | ''           | must be a whole number
                    enable.metrics.push                    | yes          | must be true or false
                    compression.type                       | rar          | must be a string, within the driver's
                    compression.gzip.level                 | 77           | must be a whole number
                    client.dns.lookup                      | CANARY       | must be a string, within the driver's
                    group.protocol                         | streams      | must be classic or consumer
                    metric.reporters                       | com.acme.Any | they load classes by name
                    security.protocol                      | TLS          | must be PLAINTEXT, SSL
                    ssl.endpoint.identification.algorithm  | ''           | host names are always verified
                    ssl.endpoint.identification.algorithm  | NONE         | host names are always verified
                    ssl.trustmanager.algorithm             | TrustAll     | certificates are always verified
                    ssl.protocol                           | TLSv1        | older versions than TLSv1.2 are broken
                    ssl.enabled.protocols                  | TLSv1.3,SSLv3 | older versions than TLSv1.2 are broken
                    ssl.cipher.suites                      | TLS_DH_anon_WITH_AES_128_CBC_SHA | verify or encrypt nothing
                    ssl.cipher.suites                      | TLS_RSA_WITH_NULL_SHA256 | verify or encrypt nothing
                    sasl.login.callback.handler.class      | com.acme.Any | it sees credentials
                    sasl.oauthbearer.jwt.retriever.class   | com.acme.Any | it sees tokens
                    sasl.oauthbearer.jwt.validator.class   | com.acme.Any | it sees tokens
                    sasl.jaas.config | com.sun.security.auth.module.JndiLoginModule required x="CANARY"; | only the login modules
                    sasl.jaas.config | com.sun.security.auth.module.LdapLoginModule required x="CANARY"; | only the login modules
                    sasl.jaas.config | /* org.apache.kafka.common.security.plain.PlainLoginModule */ x.Y required; | only the login modules
                    sasl.jaas.config | org.apache.kafka.common.security.plain.PlainLoginModule required; com.sun.security.auth.module.JndiLoginModule required; | one of them
                    sasl.jaas.config | org.apache.kafka.common.security.plain.PlainLoginModule required x="a\\\\"; com.sun.security.auth.module.JndiLoginModule required y="; | one of them
                    sasl.jaas.config | org.apache.kafka.common.security.plain.PlainLoginModule required // x="; | one of them
                    sasl.jaas.config | org.apache.kafka.common.security.plain.PlainLoginModule required x="CANARY" | only the login modules
                    sasl.jaas.config | CANARY                     | only the login modules
                    sasl.jaas.config | org.apache.kafka.common.security.plain.PlainLoginModuleX required; | only the login modules
                    """)
    void aValueThatWouldBreakAPromiseIsRefusedWithTheReason(String name, String value, String reason) {
        assertRefused(name, value, reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    max.in.flight.requests.per.connection  | 1
                    retries                                | 10
                    max.poll.interval.ms                   | 600000
                    group.protocol                         | Consumer
                    metric.reporters                       | ''
                    fetch.max.bytes                        | 1000000
                    request.timeout.ms                     | 60000
                    session.timeout.ms                     | 1000
                    heartbeat.interval.ms                  | 44999
                    enable.metrics.push                    | true
                    compression.type                       | zstd
                    """)
    void whatBreaksNothingIsPassedOn(String name, String value) {
        KafkaOptions options =
                KafkaOptions.builder().brokers("h:1").property(name, value).build();
        assertThat(options.properties()).containsEntry(name, value);
    }

    @Test
    void blanksAroundAValueAreNoPartOfItUnlessItIsASecret() {
        String login = " org.apache.kafka.common.security.plain.PlainLoginModule required; ";
        assertThat(KafkaOptions.builder()
                        .brokers("h:1")
                        .property("fetch.max.bytes", "\t1000000 ")
                        .property("security.protocol", " SASL_SSL ")
                        .property("sasl.mechanism", "PLAIN ")
                        .property("sasl.jaas.config", login)
                        .build()
                        .properties())
                .containsEntry("fetch.max.bytes", "1000000")
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("sasl.jaas.config", login);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "username=\"a;b/c\\\"\" password='x;y\"' ; ",
                "username=alice password=x;",
                "x=\"a\\\"; com.acme.Other required y=\";",
                ";"
            })
    void oneLoginModuleMayHaveAnyValueInItsQuotes(String options) {
        String config = "org.apache.kafka.common.security.plain.PlainLoginModule required " + options;
        assertThat(KafkaOptions.builder()
                        .brokers("h:1")
                        .property("security.protocol", "SASL_SSL")
                        .property("sasl.mechanism", "PLAIN")
                        .property("sasl.jaas.config", config)
                        .build()
                        .properties())
                .containsEntry("sasl.jaas.config", config);
        // As the driver reads it: one module.
        assertThat(JaasContext.loadClientContext(Map.of("sasl.jaas.config", new Password(config)))
                        .configurationEntries())
                .hasSize(1);
    }

    @Test
    void tokensAndKerberosGoThroughProperties() {
        KafkaOptions options = KafkaOptions.builder()
                .brokers("h:1")
                .tls(KafkaTls.systemTrust())
                .property("sasl.mechanism", "OAUTHBEARER")
                .property("sasl.jaas.config", OAUTH + "OAuthBearerLoginModule required ;")
                .property("sasl.login.callback.handler.class", OAUTH + "OAuthBearerLoginCallbackHandler")
                .property("sasl.oauthbearer.token.endpoint.url", "https://idp.example/token")
                .build();
        assertThat(options.properties()).containsEntry("security.protocol", "SASL_SSL");
    }

    @ParameterizedTest
    @CsvSource({"default.api.timeout.ms,15000", "buffer.memory.allocation.strategy,Full"})
    void whatFitsTheSettingsThatTheDriverComparesItWithIsPassedOn(String name, String value) {
        assertThat(KafkaOptions.builder()
                        .brokers("h:1")
                        .property(name, value)
                        .build()
                        .properties())
                .containsEntry(name, value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    default.api.timeout.ms            | 14999       |                    |       | is 14999, must not be below the requestTimeout (request.timeout.ms), 15000
                    default.api.timeout.ms            | 29999       | request.timeout.ms | 30000 | is 29999, must not be below the requestTimeout (request.timeout.ms), 30000
                    buffer.memory.allocation.strategy | incremental |                    |       | with compression.type snappy
                    buffer.memory.allocation.strategy | INCREMENTAL | compression.type   | zstd  | with compression.type zstd
                    """)
    void aSettingThatContradictsAnotherOneIsRefusedWithBoth(
            String name, String value, @Nullable String other, @Nullable String otherValue, String reason) {
        KafkaOptionsBuilder options = KafkaOptions.builder().brokers("h:1").property(name, value);
        if (other != null && otherValue != null) {
            options.property(other, otherValue);
        }
        assertThatThrownBy(options::build)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("property '" + name + "' is ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "aks,acks",
        "fetch.max.byte,fetch.max.bytes",
        "metadata.max.age,metadata.max.age.ms",
        "liger.ms,linger.ms"
    })
    void anUnknownNameIsRefusedWithTheOneThatWasProbablyMeant(String name, String meant) {
        assertRefused(name, "CANARY", "did you mean '" + meant + "'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zzzzzzzzzzzzzz", "", "\n"})
    void anUnknownNameThatIsNearNothingIsRefusedToo(String name) {
        assertRefused(name, "CANARY", "see the Kafka documentation");
    }

    /** A new setting of the driver that names a class or a callback must be judged before it passes. */
    @Test
    void noSettingThatNamesAClassPassesUnjudged() {
        List<String> passed = new ArrayList<>();
        names().filter(name -> name.matches(
                        ".*(class|classes|handler|provider|providers|reporters|factory|cmd|interceptor).*"))
                .filter(name -> RefusedProperties.reason(name, "com.acme.Any") == null)
                .forEach(passed::add);
        assertThat(passed)
                .as("ssl.provider is the name of a provider that the JVM has")
                .containsExactly("ssl.provider");
    }

    private static Stream<String> names() {
        TreeSet<String> names = new TreeSet<>(ProducerConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());
        return names.stream();
    }

    private static void assertRefused(String name, String value, String reason) {
        assertThatThrownBy(() -> KafkaOptions.builder()
                        .brokers("h:1")
                        .property(name, value)
                        .build())
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
                .hasMessageContaining("property '" + name.replace("\n", "\\u000a") + "' is refused: ")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("CANARY");
    }
}
