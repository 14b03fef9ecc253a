package io.microservicekit.messaging.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaOptionsTest {
    @Test
    void addressesAreTrimmedAndDeduplicatedInTheirOrder() {
        KafkaOptions options = KafkaOptions.builder()
                .brokers(" b:9092", "a:9092 ", "b:9092", "[::1]:9093", "kafka_1.example-x:65535")
                .build();
        assertThat(options.brokers()).containsExactly("b:9092", "a:9092", "[::1]:9093", "kafka_1.example-x:65535");
    }

    @Test
    void noBrokersIsAnErrorOfItsOwn() {
        assertThat(failure(KafkaOptions.builder()).code()).isEqualTo(ErrorCode.NO_BROKERS);
    }

    @Test
    void aMissingAddressIsNamedWithAllElseThatIsWrong() {
        InvalidConfigurationException failure =
                failure(KafkaOptions.builder().property("acks", "1").requestTimeout(Duration.ofDays(3)));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(failure)
                .hasMessageContainingAll("no broker address", "'acks' is refused", "requestTimeout is PT72H");
    }

    @ParameterizedTest
    @ValueSource(strings = {"45000", " 60000"})
    void aHeartbeatThatIsNotShorterThanTheSessionIsRefused(String heartbeat) {
        assertThat(failure(KafkaOptions.builder().brokers("h:1").property("heartbeat.interval.ms", heartbeat)))
                .hasMessageContaining("must be below session.timeout.ms, 45000");
        assertThat(failure(KafkaOptions.builder()
                        .brokers("h:1")
                        .sessionTimeout(Duration.ofSeconds(10))
                        .property("heartbeat.interval.ms", "10000")))
                .hasMessageContaining("must be below session.timeout.ms, 10000");
    }

    @Test
    void severalAddressesMayStandInOneText() {
        assertThat(KafkaOptions.builder().brokers("a:1, b:2", "c:3").build().brokers())
                .containsExactly("a:1", "b:2", "c:3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "host",
                "host:",
                ":9092",
                "host:abc",
                "host:0",
                "host:99999",
                "host:99999999999",
                "::1:9092",
                ",b:2",
                "http://h:1",
                "h:1/x",
                "h h:1",
                "h\n:1",
                "h:-1",
                "[::1]",
                "hôst:9092"
            })
    void anAddressThatCannotBeReadIsNamedWithItsPlace(String bad) {
        InvalidConfigurationException failure = failure(KafkaOptions.builder().brokers("good:1", bad));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(failure).hasMessageContaining("brokers[1]").message().doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user:CANARY@h:9092",
                "sasl://user:CANARY@h:9092",
                "user:CANARY@CANARY@h:1",
                "CANARY@h:9092",
                "user:CA:CANARY/@h:x"
            })
    void userInformationIsNeverRepeated(String bad) {
        assertThat(failure(KafkaOptions.builder().brokers(bad)))
                .hasMessageContaining(":***@h:")
                .message()
                .doesNotContain("CANARY");
    }

    @Test
    void allViolationsAreNamedAtOnce() {
        InvalidConfigurationException failure = failure(KafkaOptions.builder()
                .brokers("one", "two:0")
                .property("acks", "1")
                .property("aks", "all")
                .property("key.deserializer", "x")
                .requestTimeout(Duration.ofMinutes(2))
                .topology(KafkaTopology.create(0, 101))
                .revokeDrain(Duration.ofMinutes(3)));
        assertThat(failure)
                .hasMessageContaining("brokers[0] 'one'")
                .hasMessageContaining("brokers[1] 'two:0'")
                .hasMessageContaining("'acks' is refused: a send is confirmed by all in-sync replicas")
                .hasMessageContaining(
                        "'aks' is refused: the Kafka client has no such setting and would ignore it; did you mean 'acks'?")
                .hasMessageContaining("requestTimeout is PT2M, must be from PT0.1S to PT1M")
                .hasMessageContaining("topology creates 0 partitions, must be from 1 to 10000")
                .hasMessageContaining("topology has replication 101, must be from 1 to 100")
                .hasMessageContaining("'key.deserializer' is refused")
                .hasMessageContaining("revokeDrain is PT3M, must be from PT0S to PT1M40S");
    }

    @Test
    void theRevokeDrainIsAThirdOfThePollIntervalButFiveSecondsAtMost() {
        assertThat(KafkaOptions.builder().brokers("h:1").build().revokeDrain()).isEqualTo(Duration.ofSeconds(5));
        assertThat(KafkaOptions.builder()
                        .brokers("h:1")
                        .property("max.poll.interval.ms", "6000")
                        .build()
                        .revokeDrain())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(KafkaOptions.builder()
                        .brokers("h:1")
                        .maxPollInterval(Duration.ofSeconds(9))
                        .build()
                        .revokeDrain())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void secretsAreNotShown() {
        String shown = KafkaOptions.builder()
                .brokers("h:1")
                .property(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required password=\"CANARY\";")
                .property("ssl.key.password", "CANARY")
                .property("ssl.keystore.key", "CANARY")
                .property("security.protocol", "SASL_SSL")
                .property("sasl.mechanism", "PLAIN")
                .build()
                .toString();
        assertThat(shown)
                .contains("sasl.jaas.config=***", "security.protocol=SASL_SSL")
                .doesNotContain("CANARY");
    }

    @Test
    void listsCannotBeChanged() {
        List<String> brokers = KafkaOptions.builder().brokers("h:1").build().brokers();
        assertThatThrownBy(() -> brokers.add("x:1")).isInstanceOf(UnsupportedOperationException.class);
    }

    private static InvalidConfigurationException failure(KafkaOptionsBuilder builder) {
        return catchThrowableOfType(InvalidConfigurationException.class, builder::build);
    }
}
