package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The size that is compared with {@code max.request.size} is the driver's own. */
class RecordSizeTest {
    private static final String[] NAMES = {"", "n", "ñ", "€", "\ud83d\ude00", "x".repeat(64), "é".repeat(4_100)};

    @Test
    void eachMessageIsAsLargeAsTheDriverReckons() {
        SplittableRandom random = new SplittableRandom(20_261_125);
        for (int i = 0; i < 2_000; i++) {
            Message message = message(random);
            assertThat(RecordSize.of(message)).as(message.toString()).isEqualTo(driversSize(message));
            assertThat(RecordSize.atMost(message)).isGreaterThanOrEqualTo(RecordSize.of(message));
        }
    }

    private static Message message(SplittableRandom random) {
        Headers.Builder headers = Headers.builder();
        for (int i = random.nextInt(4) == 0 ? 200 : random.nextInt(5); i > 0; i--) {
            headers.add(NAMES[random.nextInt(NAMES.length)], bytes(random));
        }
        return Message.builder("t")
                .key(bytes(random))
                .value(bytes(random))
                .headers(headers.build())
                .build();
    }

    private static byte @Nullable [] bytes(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> new byte[60 + random.nextInt(10)];
            case 3 -> new byte[8_185 + random.nextInt(10)];
            case 4 -> new byte[(1 << 20) - 5 + random.nextInt(10)];
            default -> new byte[random.nextInt(1_000)];
        };
    }

    private static int driversSize(Message message) {
        List<Header> headers = new ArrayList<>();
        message.headers().forEach((name, value) -> headers.add(new RecordHeader(name, value)));
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                message.key(),
                message.value(),
                headers.toArray(new Header[0]));
    }

    private static SendLimits limits(String setting, Object value) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", "localhost:9092");
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        settings.put(setting, value);
        return new SendLimits(settings);
    }

    @Test
    void aMessageOfExactlyTheLimitIsTakenAndOneByteMoreIsNotHeadersIncluded() {
        SendLimits limits = limits("max.request.size", 1_000);
        Message empty =
                Message.builder("t").header("name", "value").valueText("").build();
        int most = (int) (1_000 - RecordSize.of(empty)) - 1; // the length of the value takes one byte more
        Message fits = empty.toBuilder().value(new byte[most]).build();
        Message over = empty.toBuilder().value(new byte[most + 1]).build();
        assertThat(RecordSize.of(fits)).isEqualTo(1_000);
        assertThat(limits.problem(fits)).isNull();
        assertThat(limits.problem(over))
                .isInstanceOfSatisfying(
                        InvalidMessageException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE))
                .hasMessageContainingAll("1001 B", "max.request.size is 1000 B", "max.message.bytes");
        Message headers = Message.builder("t").header("name", "v".repeat(1_000)).build();
        assertThat(limits.problem(headers)).hasMessageContaining("headers");
    }

    @Test
    void aBufferThatIsSmallerThanARequestIsTheLimit() {
        Message message = Message.builder("t").value(new byte[2_000]).build();
        assertThat(limits("buffer.memory", 1_500L).problem(message)).hasMessageContaining("buffer.memory is 1500 B");
        assertThat(limits("buffer.memory", 15_000L).problem(message)).isNull();
    }
}
