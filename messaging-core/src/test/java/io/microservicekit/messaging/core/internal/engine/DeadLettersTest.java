package io.microservicekit.messaging.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private static final Instant FAILED_AT = Instant.parse("2024-01-02T03:04:05Z");
    private static final long SEED = Long.getLong("seed", 20_243);

    private static Message deadLetter(Headers headers, Throwable cause) {
        Message order = Message.builder("orders")
                .keyText("k")
                .valueText("v")
                .headers(headers)
                .build();
        MessagePosition position = MessagePosition.of("orders", 3, 42);
        ReceivedMessage received = ReceivedMessage.of(order, position, "shop").withAttempt(4);
        return new DeadLetters("orders-dlq").of(received, cause, FAILED_AT, LetterForm.FULL);
    }

    private static Message deadLetter(Throwable cause) {
        return deadLetter(Headers.empty(), cause);
    }

    @Test
    void itKeepsKeyValueAndOriginalHeadersAndGoesToTheDeadLetterTopic() {
        Message letter = deadLetter(Headers.builder().add("tenant", "x").build(), new IllegalStateException("e"));
        assertThat(letter.topic()).isEqualTo("orders-dlq");
        assertThat(letter.keyText()).isEqualTo("k");
        assertThat(letter.valueText()).isEqualTo("v");
        assertThat(letter.headers().text("tenant")).isEqualTo("x");
    }

    @Test
    void itTellsWhereWhyAndHowOftenItFailed() {
        Headers headers = deadLetter(new IllegalStateException("no stock")).headers();
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_TOPIC)).isEqualTo("orders");
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_PARTITION)).isEqualTo("3");
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_OFFSET)).isEqualTo("42");
        assertThat(headers.text(DeadLetterHeaders.ERROR_MESSAGE)).isEqualTo("no stock");
        assertThat(headers.text(DeadLetterHeaders.CONSUMER_GROUP)).isEqualTo("shop");
        assertThat(headers.text(DeadLetterHeaders.ERROR_CLASS)).isEqualTo("java.lang.IllegalStateException");
        assertThat(headers.text(DeadLetterHeaders.ATTEMPTS)).isEqualTo("4");
        assertThat(headers.text(DeadLetterHeaders.FAILED_AT)).isEqualTo("2024-01-02T03:04:05Z");
    }

    @Test
    void theFiveHeadersOfTheGoLibraryAreItsOwnByteForByte() throws IOException {
        Headers headers = deadLetter(new IllegalStateException("库存不足: chair")).headers();
        SortedMap<String, String> golden = golden();
        assertThat(golden).hasSize(5);
        golden.forEach((name, template) -> {
            String value = template.replace("{topic}", "orders")
                    .replace("{partition}", "3")
                    .replace("{offset}", "42")
                    .replace("{error}", "库存不足: chair")
                    .replace("{group}", "shop");
            assertThat(headers.all(name)).as(name).containsExactly(value.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static SortedMap<String, String> golden() throws IOException {
        SortedMap<String, String> golden = new TreeMap<>();
        try (InputStream file = DeadLettersTest.class.getResourceAsStream("/wire/dead-letter-headers.tsv")) {
            new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .forEach(cells -> golden.put(cells[0], cells[1]));
        }
        return golden;
    }

    @Test
    void itsHeadersReplaceEqualNamesOfTheOriginal() {
        Headers forged = Headers.builder()
                .add(DeadLetterHeaders.ORIGINAL_TOPIC, "one")
                .add(DeadLetterHeaders.ORIGINAL_TOPIC, "two")
                .build();
        Headers headers = deadLetter(forged, new IllegalStateException("e")).headers();
        assertThat(headers.all(DeadLetterHeaders.ORIGINAL_TOPIC)).hasSize(1);
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_TOPIC)).isEqualTo("orders");
    }

    private static Message small(LetterForm form) {
        Headers headers = Headers.builder()
                .add("tenant", "x")
                .add(DeadLetterHeaders.ATTEMPTS, "of an earlier life")
                .build();
        Message order = Message.builder("orders")
                .keyText("k")
                .valueText("v")
                .headers(headers)
                .build();
        ReceivedMessage received = ReceivedMessage.of(order, MessagePosition.of("orders", 3, 42), "shop");
        return new DeadLetters("orders-dlq").of(received, new IllegalStateException("e"), FAILED_AT, form);
    }

    @Test
    void cutToTheFiveItKeepsKeyValueAndOriginalHeaders() {
        Message letter = small(LetterForm.FIVE_HEADERS);
        assertThat(letter.keyText()).isEqualTo("k");
        assertThat(letter.valueText()).isEqualTo("v");
        assertThat(names(letter))
                .containsExactlyInAnyOrder(
                        "tenant",
                        DeadLetterHeaders.ORIGINAL_TOPIC,
                        DeadLetterHeaders.ORIGINAL_PARTITION,
                        DeadLetterHeaders.ORIGINAL_OFFSET,
                        DeadLetterHeaders.ERROR_MESSAGE,
                        DeadLetterHeaders.CONSUMER_GROUP);
    }

    @Test
    void aPointerHasTheKeyTheFiveHeadersAndNoValue() {
        Message letter = small(LetterForm.POINTER);
        assertThat(letter.keyText()).isEqualTo("k");
        assertThat(letter.value()).isNull();
        assertThat(letter.headers().text(DeadLetterHeaders.POINTER)).isEqualTo("1");
        assertThat(names(letter))
                .containsExactlyInAnyOrder(
                        DeadLetterHeaders.POINTER,
                        DeadLetterHeaders.ORIGINAL_TOPIC,
                        DeadLetterHeaders.ORIGINAL_PARTITION,
                        DeadLetterHeaders.ORIGINAL_OFFSET,
                        DeadLetterHeaders.ERROR_MESSAGE,
                        DeadLetterHeaders.CONSUMER_GROUP);
    }

    private static List<String> names(Message letter) {
        List<String> names = new ArrayList<>();
        letter.headers().forEach((name, value) -> names.add(name));
        return names;
    }

    @Test
    void anErrorWithoutTextIsToldByItsClass() {
        Headers headers = deadLetter(new IllegalStateException()).headers();
        assertThat(headers.text(DeadLetterHeaders.ERROR_MESSAGE)).isEqualTo("java.lang.IllegalStateException");
        assertThat(deadLetter(new IllegalStateException(" ")).headers().text(DeadLetterHeaders.ERROR_MESSAGE))
                .isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void aLongErrorIsCutToAKibibyteAtACharacterBoundary() {
        Headers headers =
                deadLetter(new IllegalStateException("€".repeat(2_000))).headers();
        assertThat(headers.text(DeadLetterHeaders.ERROR_MESSAGE)).isEqualTo("€".repeat(341));
    }

    @Test
    void aCutTextIsTheLongestStartThatFits() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 5_000; i++) {
            int[] points = random.ints(random.nextInt(12), 0, 4)
                    .map(kind -> new int[] {'a', 'é', '€', 0x1F600}[kind])
                    .toArray();
            String text = new String(points, 0, points.length);
            int max = random.nextInt(30);
            String cut = DeadLetters.cut(text, max);
            String where = text + " to " + max + ", -Dseed=" + SEED;
            assertThat(text).as(where).startsWith(cut);
            assertThat(size(cut)).as(where).isLessThanOrEqualTo(max);
            if (!cut.equals(text)) {
                int next = text.codePointAt(cut.length());
                assertThat(size(cut + Character.toString(next))).as(where).isGreaterThan(max);
            }
        }
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
