package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What messages take of the bound of bytes: one for all messages of a delivery, so that nothing is allocated per message. Not thread-safe. */
final class MessageSizes implements BiConsumer<String, byte @Nullable []> {
    private long headers;

    /** Key, value and headers, of which the names count by their characters: a foreign sender may have filled them to the broker's limit. */
    long of(ReceivedMessage message) {
        byte[] key = message.key();
        byte[] value = message.value();
        headers = 0;
        message.headers().forEach(this);
        return headers + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }

    @Override
    public void accept(String name, byte @Nullable [] value) {
        headers += name.length() + (value == null ? 0 : value.length);
    }
}
