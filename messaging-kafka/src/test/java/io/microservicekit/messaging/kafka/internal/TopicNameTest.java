package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopicNameTest {
    @Test
    void kafkasRuleIsKept() {
        assertThat(List.of("a", "A.b_c-9", "...", "x".repeat(249))).allMatch(TopicName::valid);
        assertThat(List.of("", " ", ".", "..", "a b", "a/b", "é", "a\n", "x".repeat(250)))
                .noneMatch(TopicName::valid);
    }

    @Test
    void theErrorShowsNoControlCharacters() {
        assertThat(TopicName.problem("a\r\nb"))
                .message()
                .contains("a\\u000d\\u000ab")
                .doesNotContain("\n");
    }
}
