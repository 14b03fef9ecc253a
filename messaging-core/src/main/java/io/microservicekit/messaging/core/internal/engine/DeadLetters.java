package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Makes the dead letter of a message: its key, value and headers, and why and where it failed. */
final class DeadLetters {
    private static final int MAX_ERROR_BYTES = 1024;
    private static final int MAX_CLASS_BYTES = 256;

    private final String topic;

    DeadLetters(String topic) {
        this.topic = topic;
    }

    Message of(ReceivedMessage source, Throwable cause, Instant failedAt, LetterForm form) {
        Headers.Builder headers = form == LetterForm.POINTER
                ? Headers.builder().set(DeadLetterHeaders.POINTER, "1")
                : source.headers().toBuilder();
        why(headers, source, cause);
        if (form == LetterForm.FULL) {
            more(headers, source, cause, failedAt);
        } else {
            headers.remove(DeadLetterHeaders.ERROR_CLASS)
                    .remove(DeadLetterHeaders.ATTEMPTS)
                    .remove(DeadLetterHeaders.FAILED_AT);
        }
        return Message.builder(topic)
                .key(source.key())
                .value(form == LetterForm.POINTER ? null : source.value())
                .headers(headers.build())
                .build();
    }

    private static void why(Headers.Builder headers, ReceivedMessage source, Throwable cause) {
        MessagePosition position = source.position();
        headers.set(DeadLetterHeaders.ORIGINAL_TOPIC, source.topic())
                .set(DeadLetterHeaders.ORIGINAL_PARTITION, Integer.toString(position.partition()))
                .set(DeadLetterHeaders.ORIGINAL_OFFSET, Long.toString(position.offset()))
                .set(DeadLetterHeaders.ERROR_MESSAGE, cut(text(cause), MAX_ERROR_BYTES))
                .set(DeadLetterHeaders.CONSUMER_GROUP, source.group());
    }

    private static void more(Headers.Builder headers, ReceivedMessage source, Throwable cause, Instant failedAt) {
        headers.set(DeadLetterHeaders.ERROR_CLASS, cut(cause.getClass().getName(), MAX_CLASS_BYTES))
                .set(DeadLetterHeaders.ATTEMPTS, Integer.toString(source.attempt()))
                .set(DeadLetterHeaders.FAILED_AT, failedAt.toString());
    }

    private static String text(Throwable cause) {
        String message = ReasonText.messageOf(cause);
        return message == null || message.isBlank() ? cause.getClass().getName() : message;
    }

    /** The longest start of a text that fits into {@code max} bytes of UTF-8 without cutting a character. */
    static String cut(String text, int max) {
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            bytes += new String(Character.toChars(point)).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > max) {
                return text.substring(0, i);
            }
            i += Character.charCount(point);
        }
        return text;
    }
}
