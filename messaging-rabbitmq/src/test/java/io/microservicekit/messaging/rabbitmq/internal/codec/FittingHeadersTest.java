package io.microservicekit.messaging.rabbitmq.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A dead letter is never refused for how much somebody else has put into its headers. */
class FittingHeadersTest {
    private static final int LIMIT = 10_000;

    private static Message deadLetter(Headers.Builder headers) {
        return Message.builder("dead").valueText("v").headers(headers.build()).build();
    }

    private static Message fits(Message message) throws IOException {
        Message fitting = FittingHeaders.of(message, LIMIT);
        assertThat(EncodedHeaders.size(fitting)).isLessThanOrEqualTo(LIMIT);
        return fitting;
    }

    private static List<String> names(Message message) {
        List<String> names = new ArrayList<>();
        message.headers().forEach((name, value) -> names.add(name));
        return names;
    }

    @Test
    void whatFitsIsLeftAsItIs() {
        Message message = deadLetter(Headers.builder().add("a", "x".repeat(9_000)));

        assertThat(FittingHeaders.of(message, LIMIT)).isSameAs(message);
    }

    @Test
    void theLargestIsLeftOutAndTheDeadLetterSaysWhich() throws IOException {
        Message fitting = fits(deadLetter(Headers.builder()
                .add("region", "eu")
                .add("large", "x".repeat(7_000))
                .add("larger", "x".repeat(8_000))
                .addTyped("number", "7".getBytes(StandardCharsets.UTF_8), 7)));

        assertThat(names(fitting)).containsExactly("region", "large", "number", "x-dropped-headers");
        assertThat(fitting.headers().text("x-dropped-headers")).isEqualTo("larger");
        assertThat(fitting.headers().raw("number")).isEqualTo(7);
    }

    @Test
    void thoseThatSayWhyItIsADeadLetterStay() throws IOException {
        Message fitting = fits(deadLetter(Headers.builder()
                .add(DeadLetterHeaders.ERROR_MESSAGE, "x".repeat(1_024))
                .add("larger", "x".repeat(900))
                .add("others", "x".repeat(8_900))));

        assertThat(names(fitting)).containsExactly("x-error-message", "larger", "x-dropped-headers");
    }

    @Test
    void typedOnesAreMeasuredAsTheyAreWritten() throws IOException {
        Message fitting = fits(deadLetter(Headers.builder()
                .add("text", "x".repeat(3_000))
                .addTyped("ones", new byte[10], Collections.nCopies(1_000, 1L))));

        assertThat(names(fitting)).containsExactly("text", "x-dropped-headers");
    }

    @Test
    void manySmallOnesAreLeftOutUntilItFits() throws IOException {
        Headers.Builder headers = Headers.builder();
        for (int i = 0; i < 1_000; i++) {
            headers.add("header-" + i, "value");
        }
        Message fitting = fits(deadLetter(headers));

        assertThat(fitting.headers().size()).isGreaterThan(50);
        assertThat(fitting.headers().text("x-dropped-headers"))
                .contains("header-", " more")
                .hasSizeLessThan(1_100);
    }

    @Test
    void allOfOneNameAreLeftOutTogether() throws IOException {
        Message fitting = fits(deadLetter(Headers.builder()
                .add("same", "x".repeat(6_000))
                .add("same", "x".repeat(6_000))
                .add("other", "x")));

        assertThat(names(fitting)).containsExactly("other", "x-dropped-headers");
    }

    @Test
    void namesOfOursThatAMessageCameWithAreLeftOutWhereTheyAreLarge() throws IOException {
        Message fitting = fits(deadLetter(Headers.builder()
                .add("x-dropped-headers", "x".repeat(6_000))
                .add(DeadLetterHeaders.POINTER, "x".repeat(6_000))
                .add("region", "eu")));

        assertThat(names(fitting)).containsExactly("region", "x-dropped-headers");
        assertThat(fitting.headers().text("x-dropped-headers")).contains(DeadLetterHeaders.POINTER);
    }

    @Test
    void thePointerOfOursStays() throws IOException {
        Message fitting = fits(
                deadLetter(Headers.builder().add(DeadLetterHeaders.POINTER, "1").add("large", "x".repeat(11_000))));

        assertThat(names(fitting)).containsExactly(DeadLetterHeaders.POINTER, "x-dropped-headers");
    }

    @Test
    void aKeyThatFillsAFrameIsTheLastThatIsLeftOut() throws IOException {
        Message fitting = fits(deadLetter(Headers.builder().add("region", "eu")).toBuilder()
                .keyText("k".repeat(11_000))
                .build());

        assertThat(fitting.key()).isNull();
        assertThat(fitting.headers().text("x-dropped-headers")).contains("x-message-key");
    }
}
