package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigKeysTest {
    @Test
    void aVariableThatFitsTwoKeysMeansOurOwnAndNotTheSettingOfTheDriver() {
        ConfigKeys keys = new ConfigKeys(Map.of(
                "kafka", Set.of("sasl_mechanism", "sasl.mechanism", "a.b.c", "group_protocol", "group.protocol")));

        assertThat(keys.ofVariable("MESSAGING_KAFKA_SASL_MECHANISM")).isEqualTo("kafka.sasl_mechanism");
        assertThat(keys.ofVariable("MESSAGING_KAFKA_GROUP_PROTOCOL")).isEqualTo("kafka.group_protocol");
        assertThat(keys.ofVariable("MESSAGING_KAFKA_A_B_C")).isEqualTo("kafka.a.b.c");
    }
}
