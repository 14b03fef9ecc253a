package io.microservicekit.messaging.rabbitmq.internal.codec;

import com.rabbitmq.client.impl.ValueWriter;
import io.microservicekit.messaging.api.message.Message;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** How many bytes the headers of a message have on the wire, found by encoding them. */
public final class EncodedHeaders {
    private static final String LONGEST_MARK = Long.MIN_VALUE + "" + Long.MIN_VALUE;

    private EncodedHeaders() {}

    /**
     * With those that the library adds.
     *
     * @throws IOException when the driver cannot encode them
     * @throws RuntimeException when the driver cannot encode them
     */
    public static long size(Message message) throws IOException {
        Map<String, Object> table =
                AmqpMessages.write(message, true, LONGEST_MARK, 0).getHeaders();
        DataOutputStream counted = new DataOutputStream(OutputStream.nullOutputStream());
        ValueWriter writer = new ValueWriter(counted);
        writer.writeTable(table);
        writer.flush();
        return counted.size();
    }

    /** Whether a header is of no other kind than text and bytes, of which the size is known without encoding. */
    public static boolean isPlain(Message message) {
        boolean[] plain = {true};
        message.headers().forEachRaw((name, value) -> plain[0] &= value == null || value instanceof byte[]);
        return plain[0];
    }
}
