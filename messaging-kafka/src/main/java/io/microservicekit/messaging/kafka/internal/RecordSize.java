package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes a message may need as the only record of a batch, reckoned as the driver does when it compares with {@code max.request.size}: lengths
 * are written as varints.
 */
final class RecordSize {
    private static final int BATCH_OVERHEAD = 61;
    private static final int RECORD_OVERHEAD = 21;
    private static final int MAX_VARINT = 5;

    private RecordSize() {}

    /** Never less than {@link #of}, without looking at each header. */
    static long atMost(Message message) {
        return BATCH_OVERHEAD
                + RECORD_OVERHEAD
                + message.sizeBytes()
                + 3 * MAX_VARINT
                + 2L * MAX_VARINT * message.headers().size();
    }

    static long of(Message message) {
        return BATCH_OVERHEAD
                + RECORD_OVERHEAD
                + withLength(message.key())
                + withLength(message.value())
                + varint(message.headers().size())
                + headers(message.headers());
    }

    private static long headers(Headers headers) {
        long[] bytes = {0};
        headers.forEach(
                (name, value) -> bytes[0] += withLength(name.getBytes(StandardCharsets.UTF_8)) + withLength(value));
        return bytes[0];
    }

    private static long withLength(byte @Nullable [] bytes) {
        return bytes == null ? varint(-1) : varint(bytes.length) + (long) bytes.length;
    }

    private static int varint(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        return (38 - Integer.numberOfLeadingZeros(zigzag | 1)) / 7;
    }
}
