package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.impl.Frame;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.rabbitmq.internal.codec.AmqpMessages;
import io.microservicekit.messaging.rabbitmq.internal.codec.EncodedHeaders;
import io.microservicekit.messaging.rabbitmq.internal.shared.FrameLimit;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SendLimitsTest {
    private static final int ROOM = 131_072 - 16_384;

    private final FrameLimit frame = new FrameLimit();
    private final SendLimits limits = new SendLimits(1_000, 2_000, frame);

    private static Message.Builder message() {
        return Message.builder("orders");
    }

    private void assertRefused(Message message, ErrorCode code, String words) {
        MessagingException problem = Objects.requireNonNull(limits.problem(message), "nothing is said against it");
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem).hasMessageContaining(words);
    }

    @Test
    void aRoutingKeyIsMeasuredInBytes() {
        assertThat(limits.problem(Message.builder("é".repeat(127)).build())).isNull();
        assertRefused(Message.builder("é".repeat(128)).build(), ErrorCode.SEND_MESSAGE, "256 B");
    }

    @Test
    void aValueMayBeAsLargeAsTheLimit() {
        assertThat(limits.problem(message().value(new byte[1_000]).build())).isNull();
        assertRefused(message().value(new byte[1_001]).build(), ErrorCode.MESSAGE_TOO_LARGE, "1001 B");
    }

    @Test
    void theValueOfADeadLetterMayBeAsLargeAsThatOfAMessageThatComes() {
        assertThat(limits.problemOfDeadLetter(message().value(new byte[2_000]).build()))
                .isNull();
        assertThat(limits.problemOfDeadLetter(message().value(new byte[2_001]).build()))
                .hasMessageContaining("the limit is 2000 B");
    }

    @Test
    void theNameOfAHeaderHasAtMost255Bytes() {
        assertThat(limits.problem(message().header("ü".repeat(127), "v").build()))
                .isNull();
        assertRefused(message().header("ü".repeat(128), "v").build(), ErrorCode.MALFORMED_HEADER, "256 B");
    }

    @Test
    void headersThatWouldSendItElsewhereAreRefused() {
        for (String name : List.of("CC", "BCC", "cc", "Bcc")) {
            assertRefused(message().header(name, "v").build(), ErrorCode.MALFORMED_HEADER, "further queues");
        }
    }

    @Test
    void headersThatWeWriteOurselvesAreRefusedAndNotInADeadLetter() {
        for (String name : List.of(
                "x-messaging", "x-message-key", "x-timestamp", "x-null-value", "x-header-names", "x-publish-seq")) {
            Message message = message().header(name, "v").build();
            assertRefused(message, ErrorCode.MALFORMED_HEADER, "'" + name + "'");
            assertThat(limits.problemOfDeadLetter(message)).isNull();
        }
        assertThat(limits.problem(message().header("x-message-id", "v").build()))
                .isNull();
    }

    /** The driver reads 32 tables and lists inside each other; values of one name are in a list of their own. */
    @Test
    void headersThatNoJavaClientCouldReadAreRefused() {
        assertThat(limits.problem(message().headers(nested(32, 1)).build())).isNull();
        assertRefused(message().headers(nested(33, 1)).build(), ErrorCode.MALFORMED_HEADER, "header 'deep' has more");
        assertThat(limits.problem(message().headers(nested(31, 2)).build())).isNull();
        assertRefused(message().headers(nested(32, 2)).build(), ErrorCode.MALFORMED_HEADER, "header 'deep' has more");
    }

    private static Headers nested(int levels, int times) {
        Object value = "v";
        for (int i = 0; i < levels; i++) {
            value = i % 2 == 0 ? Collections.singletonList(value) : Collections.singletonMap("k", value);
        }
        Headers.Builder headers = Headers.builder();
        for (int i = 0; i < times; i++) {
            headers.addTyped("deep", new byte[1], value);
        }
        return headers.build();
    }

    @Test
    void headersAndKeyMustFitIntoOneFrame() {
        assertThat(limits.problem(message().header("h", "v".repeat(ROOM - 200)).build()))
                .isNull();
        assertRefused(
                message().header("h", "v".repeat(ROOM)).build(), ErrorCode.MESSAGE_TOO_LARGE, "one frame has room for");
        assertRefused(message().key(new byte[ROOM + 1]).build(), ErrorCode.MESSAGE_TOO_LARGE, "one frame has room for");
    }

    @Test
    void aSmallerFrameOfTheBrokerIsASmallerLimit() {
        Message message = message().header("h", "v".repeat(50_000)).build();
        assertThat(limits.problem(message)).isNull();
        frame.negotiated(32_768);
        assertRefused(message, ErrorCode.MESSAGE_TOO_LARGE, "16384 B");
        frame.negotiated(0);
        assertThat(limits.problem(message)).isNull();
    }

    /** A list of ones is small as text and nine bytes each in AMQP. */
    @Test
    void typedHeadersAreMeasuredAsTheyAreWritten() {
        List<Object> ones = Collections.nCopies(20_000, 1L);
        Headers headers =
                Headers.builder().addTyped("list", new byte[40_000], ones).build();
        assertRefused(message().headers(headers).build(), ErrorCode.MESSAGE_TOO_LARGE, "one frame has room for");
    }

    @Test
    void whatTheDriverCannotEncodeIsRefused() {
        Headers nested = Headers.builder()
                .addTyped("table", new byte[1], Collections.singletonMap("k".repeat(300), "v"))
                .build();
        assertRefused(message().headers(nested).build(), ErrorCode.MALFORMED_HEADER, "cannot be written");
        Headers strange =
                Headers.builder().addTyped("any", new byte[1], new Object()).build();
        assertRefused(message().headers(strange).build(), ErrorCode.MALFORMED_HEADER, "cannot be written");
    }

    /** The driver's own reckoning, by which it refuses a frame. */
    @Test
    void theSizeOfHeadersIsThatOfTheDriver() throws Exception {
        Message message = message()
                .keyText("k")
                .header("a", "1")
                .header("b", "2")
                .header("a", "3")
                .build();
        long byDriver =
                4 + Frame.tableSize(AmqpMessages.write(message, true, "1-1", 0).getHeaders());
        assertThat(EncodedHeaders.size(message)).isBetween(byDriver, byDriver + 40);
    }
}
