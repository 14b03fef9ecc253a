package io.microservicekit.messaging.it.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.it.accounting.SpoiledBodyException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BodyTest {
    private static final MessageId ID = new MessageId("orders", "p1", "kéy", 42);
    private static final Body BODY = new Body("run7", ID);

    private static Reason reasonFor(byte[] bytes, String topic) {
        SpoiledBodyException e =
                catchThrowableOfType(SpoiledBodyException.class, () -> Body.decode(bytes, "run7", topic));
        assertThat(e).as("decoding must fail").isNotNull();
        return e.reason();
    }

    @Test
    void aBodyHasTheWishedSizeAndIsReadBack() throws SpoiledBodyException {
        for (int size : new int[] {100, 101, 10_000, 1 << 20}) {
            byte[] bytes = BODY.encode(size);
            assertThat(bytes).hasSize(size);
            assertThat(Body.decode(bytes, "run7", "orders")).isEqualTo(BODY);
        }
    }

    @Test
    void aBodyTooSmallForItsHeadIsAsLongAsItsHead() throws SpoiledBodyException {
        byte[] bytes = BODY.encode(0);
        assertThat(bytes[bytes.length - 1]).isEqualTo((byte) '\n');
        assertThat(Body.decode(bytes, "run7", "orders")).isEqualTo(BODY);
    }

    @Test
    void aMessageWithoutKeyIsReadBack() throws SpoiledBodyException {
        Body body = new Body("run7", new MessageId("orders", "p1", "", 1));
        assertThat(Body.decode(body.encode(80), "run7", "orders")).isEqualTo(body);
    }

    @Test
    void eachCutOfABodyIsTornOrForeign() {
        byte[] bytes = BODY.encode(200);
        for (int length = 0; length < bytes.length; length++) {
            Reason reason = reasonFor(Arrays.copyOf(bytes, length), "orders");
            assertThat(reason).isEqualTo(length < "run7|".length() ? Reason.FOREIGN : Reason.TORN);
        }
        assertThat(reasonFor(Arrays.copyOf(bytes, 201), "orders")).isEqualTo(Reason.TORN);
    }

    @Test
    void eachFlippedBitIsFound() {
        byte[] bytes = BODY.encode(120);
        for (int i = 0; i < bytes.length * 8; i++) {
            byte[] flipped = bytes.clone();
            flipped[i / 8] ^= (byte) (1 << (i % 8));
            assertThat(reasonFor(flipped, "orders")).as("bit " + i).isNotEqualTo(Reason.WRONG_TOPIC);
        }
        bytes[119] ^= 1;
        assertThat(reasonFor(bytes, "orders")).isEqualTo(Reason.WRONG_CRC);
    }

    @Test
    void aBodyOfAnotherRunOrOfNobodyIsForeign() {
        assertThat(reasonFor(new Body("run8", ID).encode(100), "orders")).isEqualTo(Reason.FOREIGN);
        assertThat(reasonFor("hello world".getBytes(StandardCharsets.UTF_8), "orders"))
                .isEqualTo(Reason.FOREIGN);
        assertThat(reasonFor(new byte[0], "orders")).isEqualTo(Reason.FOREIGN);
    }

    @Test
    void aBodyFromAnotherTopicIsTold() {
        assertThat(reasonFor(BODY.encode(100), "orders.dlq")).isEqualTo(Reason.WRONG_TOPIC);
    }

    @Test
    void aPartWithASeparatorIsRefused() {
        assertThatThrownBy(() -> new Body("run|7", ID)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Body("r", new MessageId("t", "p", "a\nb", 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
