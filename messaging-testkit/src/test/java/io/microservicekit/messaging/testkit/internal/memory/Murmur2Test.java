package io.microservicekit.messaging.testkit.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The golden values are what {@code org.apache.kafka.common.utils.Utils.murmur2} of kafka-clients 4.4.0 returns. */
final class Murmur2Test {
    @Test
    void theHashEqualsKafkasBitByBit() {
        Map<String, Integer> golden = new LinkedHashMap<>();
        golden.put("", 275646681);
        golden.put("a", -1563381124);
        golden.put("ab", 316155434);
        golden.put("abc", 479470107);
        golden.put("abcd", -1323649548);
        golden.put("order-1", 1221710326);
        golden.put("order-2", -1055499005);
        golden.put("order-123", -940440895);
        golden.put("customer-0000042", -807992517);
        golden.put("Z\u00fcrich", -1551140815);
        golden.put("\u6ce8\u6587-7", 1475412050);
        golden.put("0123456789abcdef", 1438427052);
        golden.forEach(
                (key, hash) -> assertThat(Murmur2.hash(bytes(key))).as(key).isEqualTo(hash));
        assertThat(Murmur2.hash(new byte[] {-1, -128, 127, 0, -2})).isEqualTo(-1958495739);
    }

    @Test
    void aKeyGoesWhereKafkasProducerWouldSendIt() {
        assertThat(Murmur2.partition(bytes("order-1"), 12)).isEqualTo(10);
        assertThat(Murmur2.partition(bytes("order-2"), 12)).isEqualTo(3);
        assertThat(Murmur2.partition(bytes("customer-0000042"), 12)).isEqualTo(11);
        assertThat(Murmur2.partition(bytes(""), 12)).isEqualTo(9);
        assertThat(Murmur2.partition(bytes("order-123"), 3)).isEqualTo(1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
