package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicNameTest {
    @Test
    void aNameIsShownWithoutControlCharactersAndCut() {
        assertThat(TopicName.printable("a\r\nb")).isEqualTo("a\\u000d\\u000ab");
        assertThat(TopicName.printable("x".repeat(1_000))).hasSize(249);
    }
}
