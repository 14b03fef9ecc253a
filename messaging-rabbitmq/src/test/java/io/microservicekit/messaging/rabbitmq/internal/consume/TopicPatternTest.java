package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPatternTest {
    @ParameterizedTest
    @CsvSource({
        "a.*.c, a.b.c, true",
        "a.*.c, a.c, false",
        "a.*.c, a.b.b.c, false",
        "#, a.b, true",
        "#, '', true",
        "a.#, a, true",
        "a.#, a.b.c, true",
        "a.#, b.a, false",
        "#.c, a.b.c, true",
        "#.c, c, true",
        "#.c, c.d, false",
        "a.#.c, a.c, true",
        "a.#.c, a.b.b.c, true",
        "a.#.*.c, a.c, false",
        "a.#.*.c, a.b.c, true",
        "*.#.*, a, false",
        "*.#.*, a.b, true",
        "#.a.#.b.#, x.a.x.b.x, true",
        "#.a.#.b.#, x.b.x.a.x, false",
        "#.#, a, true",
        "*, '', true",
        "a.*, a., true"
    })
    void aStarIsOneWordAndAHashAnyNumberOfThem(String pattern, String topic, boolean matches) {
        assertThat(new TopicPattern(pattern).matches(topic)).isEqualTo(matches);
    }

    @Test
    @Timeout(30)
    void manyHashesAndALongTopicTakeNoTime() {
        String pattern = "#.a".repeat(30).replace("a#", "a.#") + ".b";
        String topic = "a" + ".a".repeat(126);

        assertThat(new TopicPattern(pattern).matches(topic)).isFalse();
        assertThat(new TopicPattern(pattern).matches(topic + ".b")).isTrue();
    }
}
