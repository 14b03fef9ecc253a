package io.microservicekit.messaging.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeadersTest {
    @Test
    void allOfOthersComeAfterItsOwnInTheirOrderWithTheirTypes() {
        Headers others = Headers.builder()
                .add("a", "2")
                .addTyped("n", "1".getBytes(StandardCharsets.UTF_8), 1)
                .add("none", (byte[]) null)
                .build();

        Headers all = Headers.builder().add("a", "1").addAll(others).build();

        assertThat(all.all("a")).hasSize(2);
        assertThat(all.text("a")).isEqualTo("2");
        assertThat(all.raw("n")).isEqualTo(1);
        assertThat(all.text("n")).isEqualTo("1");
        assertThat(all.size()).isEqualTo(4);
        assertThat(others.toBuilder().build().raw("n")).isEqualTo(1);
        assertThatNullPointerException()
                .isThrownBy(() -> Headers.builder().addAll(null))
                .withMessage("headers");
    }
}
