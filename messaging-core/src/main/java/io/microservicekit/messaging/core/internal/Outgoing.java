package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ProducerHeaders;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.core.internal.shared.MessageIds;
import org.jspecify.annotations.Nullable;

/** What the options of a producer add to a message. The caller's own stays as it is. */
final class Outgoing {
    private final @Nullable MessageIds ids;

    Outgoing(ProducerOptions options, ClientRuntime runtime) {
        this.ids = options.messageId() ? new MessageIds(runtime.random("message-id")) : null;
    }

    Message of(Message message) {
        return ids == null || message.headers().contains(ProducerHeaders.MESSAGE_ID)
                ? message
                : with(message, ProducerHeaders.MESSAGE_ID, ids.next());
    }

    static Message again(Message message) {
        return with(message, ProducerHeaders.POSSIBLE_DUPLICATE, "1");
    }

    private static Message with(Message message, String header, String value) {
        Headers headers = message.headers().toBuilder().set(header, value).build();
        return message.toBuilder().headers(headers).build();
    }
}
