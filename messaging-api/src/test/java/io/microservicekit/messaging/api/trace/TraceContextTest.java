package io.microservicekit.messaging.api.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceContextTest {
    private static final List<String> NAMES =
            List.of("x-trace-id", "x-span-id", "x-parent-span-id", "x-sampled"); // as the Go library's README has them
    private static final TraceContext CONTEXT =
            new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "53995c3f42cd8ad8", true);

    static Stream<String> vectors() throws IOException {
        try (InputStream file = TraceContextTest.class.getResourceAsStream("/wire/trace-headers.tsv")) {
            byte[] text = Objects.requireNonNull(file).readAllBytes();
            return new String(text, StandardCharsets.UTF_8)
                    .lines().filter(line -> !line.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void whatOthersWroteIsReadAsTheVectorsSay(String vector) {
        String[] cells = vector.split("\t", -1);
        Headers.Builder headers = Headers.builder();
        for (int i = 0; i < NAMES.size(); i++) {
            if (!cells[i + 1].equals("-")) {
                headers.add(NAMES.get(i), bytes(cells[i + 1]));
            }
        }
        TraceContext read = TraceContext.from(headers.build());
        assertThat(read).isEqualTo(expected(cells));
    }

    private static @Nullable TraceContext expected(String[] cells) {
        if (cells[5].equals("new")) {
            return null;
        }
        String parent = cells[7].equals("-") ? null : text(cells[7]);
        return new TraceContext(text(cells[5]), text(cells[6]), parent, Boolean.parseBoolean(cells[8]));
    }

    private static String text(String cell) {
        return new String(bytes(cell), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String cell) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < cell.length(); i++) {
            if (cell.startsWith("\\x", i)) {
                bytes.write(Integer.parseInt(cell.substring(i + 2, i + 4), 16));
                i += 3;
            } else if (cell.startsWith("\\\\", i)) {
                bytes.write('\\');
                i++;
            } else {
                bytes.writeBytes(cell.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void theVectorsAreThere() throws IOException {
        assertThat(vectors()).hasSizeGreaterThan(20);
    }

    @Test
    void whatIsWrittenIsReadAgainByteForByte() {
        Headers.Builder carrier = Headers.builder();
        CONTEXT.writeTo(carrier);
        List<String> written = new ArrayList<>();
        carrier.build()
                .forEach((name, value) ->
                        written.add(name + "=" + new String(Objects.requireNonNull(value), StandardCharsets.US_ASCII)));
        assertThat(written)
                .containsExactlyInAnyOrder(
                        "x-trace-id=4bf92f3577b34da6a3ce929d0e0e4736",
                        "x-span-id=00f067aa0ba902b7",
                        "x-parent-span-id=53995c3f42cd8ad8",
                        "x-sampled=1");
        assertThat(TraceContext.from(carrier.build())).isEqualTo(CONTEXT);
    }

    @Test
    void writingReplacesWhatAnEarlierHopLeftAndNothingElse() {
        Headers.Builder carrier = Headers.builder().add("tenant", "blue");
        CONTEXT.writeTo(carrier);
        carrier.add("x-trace-id", "twice");
        TraceContext next = new TraceContext("next", "1", null, false);
        next.writeTo(carrier);
        Headers headers = carrier.build();
        assertThat(TraceContext.from(headers)).isEqualTo(next);
        assertThat(headers.all("x-trace-id")).hasSize(1);
        assertThat(headers.contains("x-parent-span-id")).isFalse();
        assertThat(headers.text("x-sampled")).isEqualTo("0");
        assertThat(headers.text("tenant")).isEqualTo("blue");
    }

    @Test
    void anIdHasAtMost128CharactersAlsoWhenItIsEscaped() {
        assertThat(read("a".repeat(128))).isNotNull();
        assertThat(read("a".repeat(129))).isNull();
        assertThat(read("\n".repeat(22))).isNull();
        assertThat(read("x".repeat(1_000_000))).isNull();
    }

    private static @Nullable TraceContext read(String traceId) {
        return TraceContext.from(Headers.builder()
                .add("x-trace-id", traceId)
                .add("x-span-id", "1")
                .build());
    }

    @Test
    void whatIsNoIdIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> new TraceContext("secret".repeat(30), "1", null, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("traceId of 180 characters")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> new TraceContext("1", " ", null, true)).hasMessageContaining("spanId");
        assertThatThrownBy(() -> new TraceContext("1", "1", "000", true)).hasMessageContaining("parentSpanId");
    }
}
