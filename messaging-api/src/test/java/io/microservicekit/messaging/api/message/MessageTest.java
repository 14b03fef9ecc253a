package io.microservicekit.messaging.api.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void nullAndEmptyAreDifferentForKeyAndValue() {
        Message nothing = Message.builder("orders").build();
        Message empty =
                Message.builder("orders").key(new byte[0]).value(new byte[0]).build();
        assertThat(nothing.key()).isNull();
        assertThat(nothing.value()).isNull();
        assertThat(nothing.valueText()).isNull();
        assertThat(empty.key()).isEmpty();
        assertThat(empty.valueText()).isEmpty();
        assertThat(nothing).isNotEqualTo(empty);
    }

    @Test
    void messagesOfEqualContentAreEqualAndHaveEqualHashCodes() {
        Message one = order().build();
        Message other = order().build();
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.toBuilder().build()).isEqualTo(one);
        assertThat(one).isNotEqualTo(order().valueText("{}").build());
        assertThat(one).isNotEqualTo(order().header("more", "1").build());
        assertThat(one).isNotEqualTo(order().timestamp(NOON.plusMillis(1)).build());
    }

    private static Message.Builder order() {
        return Message.builder("orders")
                .keyText("order-1")
                .valueText("{\"id\":1}")
                .header("trace-id", "abc")
                .timestamp(NOON);
    }

    @Test
    void keyAndValueAreNotCopied() {
        byte[] value = {1, 2, 3};
        assertThat(Message.builder("orders").value(value).build().value()).isSameAs(value);
    }

    @Test
    void withoutATimestampTheSendersClockIsAskedFor() {
        assertThat(Message.builder("orders").build().timestamp()).isNull();
        assertThat(Message.builder("orders").build().timestampMillis(5)).isEqualTo(5);
        assertThat(order().build().timestampMillis(5)).isEqualTo(NOON.toEpochMilli());
        assertThat(order().build().timestamp()).isEqualTo(NOON);
    }

    @Test
    void neitherKeyNorValueNorHeaderValuesAreInTheText() {
        Message message = order().build();
        ReceivedMessage received = ReceivedMessage.of(message, MessagePosition.of("orders", 2, 17), "billing");
        assertThat(message.toString())
                .contains("orders", "trace-id", "7 B")
                .doesNotContain("order-1", "{\"id\"", "abc");
        assertThat(received.toString()).isEqualTo("ReceivedMessage[orders-2@17, group=billing, attempt=1]");
    }

    @Test
    void aReceivedMessageCountsAttemptsFromOne() {
        ReceivedMessage first = ReceivedMessage.of(order().build(), MessagePosition.of("orders", 0, 0), "billing");
        assertThat(first.attempt()).isEqualTo(1);
        assertThat(first.withAttempt(1)).isSameAs(first);
        assertThat(first.withAttempt(3).attempt()).isEqualTo(3);
        assertThatThrownBy(() -> first.withAttempt(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void headersKeepOrderAndSeveralValuesPerName() {
        Headers headers = Headers.builder()
                .add("a", "1")
                .add("b", "2")
                .add("a", "3")
                .add("none", (byte[]) null)
                .build();
        List<String> names = new ArrayList<>();
        headers.forEach((name, value) -> names.add(name));
        assertThat(names).containsExactly("a", "b", "a", "none");
        assertThat(headers.text("a")).isEqualTo("3");
        assertThat(headers.all("a"))
                .extracting(bytes -> new String(bytes, UTF_8))
                .containsExactly("1", "3");
        assertThat(headers.contains("none")).isTrue();
        assertThat(headers.bytes("none")).isNull();
        assertThat(headers.contains("absent")).isFalse();
    }

    @Test
    void settingAHeaderReplacesAllOfItsName() {
        Headers headers =
                Headers.builder().add("a", "1").add("b", "2").add("a", "3").build();
        Headers replaced = headers.toBuilder().set("a", "4").build();
        assertThat(replaced.all("a")).hasSize(1);
        assertThat(replaced.size()).isEqualTo(2);
        assertThat(headers.size()).isEqualTo(3);
    }

    @Test
    void aHeaderNameThatNoBrokerCanWriteIsRefused() {
        for (String name : new String[] {"\ud800", "a\udc00", "\udc00\ud800", "a\ud83d\ude00\ud83d"}) {
            assertThatThrownBy(() -> Headers.builder().add(name, "1"))
                    .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.MALFORMED_HEADER))
                            .isTrue());
        }
        assertThat(Headers.builder().add("\ud83d\ude00-é", "1").build().size()).isEqualTo(1);
    }

    @Test
    void aTimestampThatNoBrokerKeepsIsRefused() {
        for (Instant time : new Instant[] {Instant.EPOCH.minusMillis(1), Instant.MIN, Instant.MAX}) {
            assertThatThrownBy(() -> Message.builder("orders").timestamp(time))
                    .isInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining("1970");
        }
    }

    @Test
    void aHeaderThatIsNotTextSaysSoInsteadOfBeingMangled() {
        Headers headers =
                Headers.builder().add("raw", new byte[] {(byte) 0xff, 0}).build();
        assertThat(headers.bytes("raw")).containsExactly(0xff, 0);
        assertThatThrownBy(() -> headers.text("raw"))
                .hasMessageContaining("'raw'")
                .hasMessageContaining("bytes(name)")
                .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.MALFORMED_HEADER))
                        .isTrue());
    }
}
