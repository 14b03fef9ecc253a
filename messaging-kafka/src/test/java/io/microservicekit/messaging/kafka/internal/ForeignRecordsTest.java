package io.microservicekit.messaging.kafka.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What other producers write never stops the loop, and the handler sees it as it is. */
class ForeignRecordsTest extends ScriptedSubscription {
    private static final byte[] NOT_UTF_8 = {(byte) 0xC3, (byte) 0x28, (byte) 0xFF};
    private static final long FAR = 900_000_000_000_000L;

    static Stream<Arguments> foreign() {
        return Stream.concat(
                Stream.of(
                        row(
                                "tombstone",
                                text("k"),
                                null,
                                message -> assertThat(message.value()).isNull()),
                        row(
                                "no key",
                                null,
                                text("v"),
                                message -> assertThat(message.key()).isNull()),
                        row("empty key and value", new byte[0], new byte[0], message -> {
                            assertThat(message.key()).isEmpty();
                            assertThat(message.value()).isEmpty();
                        }),
                        row(
                                "value that is no text",
                                null,
                                NOT_UTF_8,
                                message -> assertThat(message.value()).isEqualTo(NOT_UTF_8)),
                        time("no timestamp", -1, null),
                        time("timestamp zero", 0, Instant.EPOCH),
                        time("negative timestamp", -5_000, null),
                        time("timestamp in a far year", FAR, Instant.ofEpochMilli(FAR)),
                        time("largest timestamp", Long.MAX_VALUE, Instant.ofEpochMilli(Long.MAX_VALUE)),
                        time("smallest timestamp", Long.MIN_VALUE, null)),
                headers());
    }

    private static Stream<Arguments> headers() {
        return Stream.of(
                row("name twice", new RecordHeaders().add("h", text("1")).add("h", text("2")), message -> {
                    assertThat(message.headers().all("h")).containsExactly(text("1"), text("2"));
                    assertThat(message.headers().text("h")).isEqualTo("2");
                }),
                row("null value", new RecordHeaders().add("h", null), message -> {
                    assertThat(message.headers().contains("h")).isTrue();
                    assertThat(message.headers().bytes("h")).isNull();
                    assertThat(message.headers().text("h")).isNull();
                }),
                row("value that is no text", new RecordHeaders().add("h", NOT_UTF_8), message -> {
                    assertThat(message.headers().bytes("h")).isEqualTo(NOT_UTF_8);
                    assertThatThrownBy(() -> message.headers().text("h"))
                            .matches(error -> MessagingException.is(error, ErrorCode.MALFORMED_HEADER));
                }),
                row(
                        "name that is no text",
                        raw(NOT_UTF_8, text("1")),
                        message -> assertThat(message.headers().size()).isEqualTo(1)),
                row(
                        "empty name",
                        raw(new byte[0], text("1")),
                        message -> assertThat(message.headers().text("")).isEqualTo("1")),
                row(
                        "name with control characters",
                        raw(text("a\r\n\0b"), text("1")),
                        message ->
                                assertThat(message.headers().text("a\r\n\0b")).isEqualTo("1")),
                row(
                        "10,000 headers",
                        many(),
                        message -> assertThat(message.headers().all("h")).hasSize(10_000)),
                row("forged names of ours", forged(), message -> {
                    assertThat(message.topic()).isEqualTo("topic");
                    assertThat(message.attempt()).isEqualTo(1);
                    assertThat(message.headers().text("x-original-topic")).isEqualTo("../admin");
                    assertThat(message.headers().text("x-retry-count")).isEqualTo("-1");
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreign")
    void reachesTheHandlerAsItIsAndStopsNothing(
            String name, ConsumerRecord<byte[], byte[]> record, Consumer<ReceivedMessage> check) {
        run(this::join, () -> consumer.addRecord(record), () -> consumer.addRecords(6, 1), () -> acknowledge(6));
        assertThat(heard.failures()).isEmpty();
        assertThat(heard.messages()).hasSize(2);
        assertThat(heard.messages().get(0).position().offset()).isEqualTo(5);
        check.accept(heard.messages().get(0));
        assertThat(consumer.committed()).containsExactly(5L, 7L);
    }

    private static Arguments row(String name, byte[] key, byte[] value, Consumer<ReceivedMessage> check) {
        return Arguments.of(name, record(0, key, value, new RecordHeaders()), check);
    }

    private static Arguments row(String name, Headers headers, Consumer<ReceivedMessage> check) {
        return Arguments.of("header: " + name, record(0, text("k"), text("v"), headers), check);
    }

    private static Arguments time(String name, long timestamp, Instant wanted) {
        Consumer<ReceivedMessage> check =
                message -> assertThat(message.message().timestamp()).isEqualTo(wanted);
        return Arguments.of(name, record(timestamp, text("k"), text("v"), new RecordHeaders()), check);
    }

    private static ConsumerRecord<byte[], byte[]> record(long timestamp, byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                "topic", 0, 5, timestamp, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    private static Headers raw(byte[] name, byte[] value) {
        return new RecordHeaders().add(new RecordHeader(ByteBuffer.wrap(name), ByteBuffer.wrap(value)));
    }

    private static Headers many() {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < 10_000; i++) {
            headers.add("h", text(Integer.toString(i)));
        }
        return headers;
    }

    private static Headers forged() {
        return new RecordHeaders()
                .add("x-original-topic", text("../admin"))
                .add("x-original-partition", text("-7"))
                .add("x-original-offset", text("9999999999999999999999"))
                .add("x-retry-count", text("-1"))
                .add("x-attempts", "\u00ff".getBytes(ISO_8859_1))
                .add("x-consumer-group", null)
                .add("x-trace-id", text("z".repeat(8_192)));
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }
}
