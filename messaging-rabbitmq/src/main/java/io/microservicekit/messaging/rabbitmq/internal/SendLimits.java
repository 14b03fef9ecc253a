package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.rabbitmq.internal.codec.EncodedHeaders;
import io.microservicekit.messaging.rabbitmq.internal.codec.FittingHeaders;
import io.microservicekit.messaging.rabbitmq.internal.codec.LibraryHeaders;
import io.microservicekit.messaging.rabbitmq.internal.codec.WritableHeaders;
import io.microservicekit.messaging.rabbitmq.internal.shared.FrameLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What can be said against a message before it is published. The driver counts a publish that it cannot encode all the same, and would from then on
 * attribute each confirmation to the wrong message: so nothing that it cannot encode may reach it.
 */
final class SendLimits {
    private static final int SHORT_TEXT = 255;

    /** Of a header beyond its name and value: their lengths and types. */
    private static final int PER_HEADER = 32;

    /** For what we add ourselves, and for what else stands in the frame. */
    private static final int HEADROOM = 16_384;

    /** What else stands in the frame at the most: its ends, sizes and flags, eight short texts, two numbers and a time. */
    private static final int REST_OF_FRAME = 2_304;

    private final long maxBodyBytes;
    private final long maxDeadLetterBytes;
    private final FrameLimit frame;

    /**
     * Limits.
     *
     * @param maxBodyBytes of the value of a message
     * @param maxDeadLetterBytes of that of a dead letter: what may come may also be written on
     * @param frame of the headers
     */
    SendLimits(long maxBodyBytes, long maxDeadLetterBytes, FrameLimit frame) {
        this.maxBodyBytes = maxBodyBytes;
        this.maxDeadLetterBytes = maxDeadLetterBytes;
        this.frame = frame;
    }

    @Nullable MessagingException problem(Message message) {
        MessagingException size = sizeProblem(message, maxBodyBytes);
        MessagingException problem = size == null ? headerProblem(message) : size;
        return problem == null ? blockProblem(message, room(HEADROOM)) : problem;
    }

    /** A dead letter as it can be written: with names and values of headers that are such, and with no more of them than fit. */
    Message writable(Message deadLetter) {
        Message named = WritableHeaders.of(deadLetter);
        long room = room(REST_OF_FRAME);
        return atMost(named) <= room && EncodedHeaders.isPlain(named) ? named : FittingHeaders.of(named, room);
    }

    /** Of one that is {@link #writable}. */
    @Nullable MessagingException problemOfDeadLetter(Message message) {
        MessagingException size = sizeProblem(message, maxDeadLetterBytes);
        return size == null ? blockProblem(message, room(REST_OF_FRAME)) : size;
    }

    /** For headers beside what else stands in a frame. */
    private long room(int others) {
        return Math.max(frame.bytes() - others, frame.bytes() / 2);
    }

    private @Nullable MessagingException sizeProblem(Message message, long limit) {
        int routingKey = message.topic().getBytes(StandardCharsets.UTF_8).length;
        if (routingKey > SHORT_TEXT) {
            return SendFailures.invalid(
                    ErrorCode.SEND_MESSAGE,
                    message,
                    "the topic is a routing key of " + routingKey + " B, AMQP has at most " + SHORT_TEXT
                            + " B. Use a shorter one.");
        }
        byte[] value = message.value();
        if (value != null && value.length > limit) {
            return tooLarge(
                    message,
                    "its value has " + value.length + " B, the limit is " + limit
                            + " B. Send less, or raise the limit here and at the broker (max_message_size).");
        }
        return null;
    }

    private @Nullable MessagingException headerProblem(Message message) {
        if (message.headers().size() == 0) {
            return null;
        }
        String[] problem = {null};
        message.headers().forEach((name, value) -> {
            if (problem[0] == null) {
                problem[0] = problemOf(name);
            }
        });
        return problem[0] == null ? null : SendFailures.invalid(ErrorCode.MALFORMED_HEADER, message, problem[0]);
    }

    private static @Nullable String problemOf(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > SHORT_TEXT) {
            return "the name of header '" + Shown.text(name) + "' has " + bytes + " B, AMQP has at most " + SHORT_TEXT
                    + " B. Use a shorter one.";
        }
        if (LibraryHeaders.isOurs(name)) {
            return "header '" + name + "' is one that this library writes itself on RabbitMQ. Use another name.";
        }
        if (WritableHeaders.isRouting(name)) {
            return "RabbitMQ sends a message with header '" + name + "' to further queues. Use another name.";
        }
        return null;
    }

    private @Nullable MessagingException blockProblem(Message message, long limit) {
        if (atMost(message) <= limit && EncodedHeaders.isPlain(message)) {
            return null;
        }
        try {
            long bytes = EncodedHeaders.size(message);
            return bytes <= limit
                    ? null
                    : tooLarge(
                            message,
                            "its headers and key need " + bytes + " B, one frame has room for " + limit
                                    + " B of them. Put less into headers, or raise frame_max at the broker.");
        } catch (IOException | RuntimeException e) {
            return SendFailures.invalid(
                    ErrorCode.MALFORMED_HEADER,
                    message,
                    "its headers cannot be written (" + e.getClass().getSimpleName() + ": " + Shown.text(e.getMessage())
                            + "). Use text or bytes.");
        }
    }

    /** Without looking at each header; a name may be there twice, the second time in the list that keeps their order. */
    private static long atMost(Message message) {
        Headers headers = message.headers();
        byte[] key = message.key();
        return 2 * headers.sizeBytes() + (long) PER_HEADER * headers.size() + (key == null ? 0 : key.length);
    }

    private static MessagingException tooLarge(Message message, String reason) {
        return SendFailures.invalid(ErrorCode.MESSAGE_TOO_LARGE, message, reason + " It was not delivered.");
    }
}
