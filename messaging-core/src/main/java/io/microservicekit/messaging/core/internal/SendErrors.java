package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.Shown;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The errors of sending that core itself finds: what became of the message, then why. */
final class SendErrors {
    private SendErrors() {}

    static String topicOf(@Nullable Message message) {
        return message == null ? "no topic" : "topic '" + Shown.text(message.topic()) + "'";
    }

    /** What an error says of the message, whoever it comes from. */
    static SendOutcome outcomeOf(MessagingException error) {
        if (error instanceof SendException send) {
            return send.outcome();
        }
        return error instanceof ClosedException || error instanceof InvalidMessageException
                ? SendOutcome.NOT_DELIVERED
                : SendOutcome.UNKNOWN;
    }

    static SendException notTried(ErrorCode code, String what, String why, @Nullable Throwable cause) {
        return new SendException(code, SendOutcome.NOT_DELIVERED, what + " was not tried: " + why, cause);
    }

    static SendException interrupted(String what, @Nullable Throwable cause) {
        return notTried(
                ErrorCode.SEND_MESSAGE,
                what,
                "the thread was interrupted before the message was handed over. It can be sent again.",
                cause);
    }

    static SendException full(Message message, ProducerOptions options) {
        return notTried(
                ErrorCode.SEND_QUEUE_FULL,
                "Sending to " + topicOf(message),
                bound(options) + ". Send slower, wait for confirmations before sending more, or raise the bound.",
                null);
    }

    static SendException noRoom(Message message, ProducerOptions options, Duration waited, Throwable cause) {
        return notTried(
                ErrorCode.SEND_QUEUE_FULL,
                "Sending to " + topicOf(message),
                bound(options) + " and none of them ended within " + waited
                        + ". Is the broker reachable? It can be sent again.",
                cause);
    }

    private static String bound(ProducerOptions options) {
        return "the producer has no room, it takes " + options.maxInFlight() + " messages or "
                + options.maxInFlightBytes() + " B without an outcome (maxInFlight, maxInFlightBytes)";
    }

    static SendException unknown(ErrorCode code, Message message, String why, @Nullable Throwable cause) {
        return new SendException(
                code,
                SendOutcome.UNKNOWN,
                "Sending to " + topicOf(message) + " has an unknown outcome: " + why
                        + ". Sending it again may make a duplicate.",
                cause);
    }

    /** Two attempts, of which the first may have reached the broker: so nothing that the second one says makes it certain. */
    static SendException unknownTwice(SendException first, MessagingException second) {
        SendException both = new SendException(
                first.code(),
                SendOutcome.UNKNOWN,
                first.getMessage() + " It was sent once more, which failed too: " + second.getMessage(),
                first);
        both.addSuppressed(second);
        return both;
    }

    /** An adapter's error of its own kind tells nothing of the message. */
    static MessagingException of(Message message, Throwable error) {
        return error instanceof MessagingException own
                ? own
                : unknown(
                        ErrorCode.SEND_MESSAGE,
                        message,
                        "of " + error.getClass().getName(),
                        error);
    }
}
