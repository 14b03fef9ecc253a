package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.shared.PendingSend;
import org.jspecify.annotations.Nullable;

/** The errors of sending: what became of the message decides, then the reason. */
final class SendFailures {
    private static final String AGAIN = " It was not delivered and can be sent again.";
    private static final String MAYBE = " It may be there all the same; sending it again may make a duplicate.";

    private SendFailures() {}

    static MessagingException closed(PendingSend send) {
        return notDelivered(
                ErrorCode.PRODUCER_CLOSED,
                send,
                "the producer is closed. It was not delivered; send it through an open producer.",
                null);
    }

    static MessagingException abandoned(PendingSend send) {
        return unknown(
                ErrorCode.PRODUCER_CLOSED,
                send,
                "the producer was closed before a confirmation came. Close with a longer limit, or wait for confirmations before.",
                null);
    }

    /** It was never written. */
    static MessagingException expired(PendingSend send, String obstacle) {
        return notDelivered(
                ErrorCode.TIMEOUT,
                send,
                "the timeout passed before it could be written: " + obstacle + "." + AGAIN,
                null);
    }

    static MessagingException unconfirmed(PendingSend send, @Nullable String obstacle) {
        return unknown(
                ErrorCode.TIMEOUT,
                send,
                "no confirmation came within the timeout" + (obstacle == null ? "." : ": " + obstacle + "."),
                null);
    }

    /** It has an outcome, and that could not be told. */
    static MessagingException untold(PendingSend send, Throwable error) {
        String reason = "telling its outcome failed (" + error.getClass().getName() + ").";
        return unknown(ErrorCode.SEND_MESSAGE, send, reason, error);
    }

    static MessagingException unroutable(PendingSend send, String reason) {
        String remedy = send.exchange().isEmpty()
                ? " No queue of that name exists: create it, or let a consumer or client.provision(group, topics) with the topology"
                        + " CREATE declare it."
                : " No queue is bound for its routing key: call client.provision(group, topics) or subscribe before sending, or"
                        + " bind a queue at the broker; unroutable messages can be allowed by option.";
        return notDelivered(
                ErrorCode.UNROUTABLE, send, "the broker returned it (" + Shown.text(reason) + ")." + remedy, null);
    }

    static MessagingException rejected(PendingSend send) {
        return notDelivered(
                ErrorCode.SEND_MESSAGE,
                send,
                "the broker refused it (basic.nack): a queue that it goes to is full and has overflow=reject-publish, or has no"
                        + " majority of its members at present." + AGAIN,
                null);
    }

    /** The channel was lost when it may have been written. */
    static MessagingException lost(PendingSend send, Closure closure) {
        return unknown(code(closure), send, reason(closure) + remedy(send, closure), closure.cause());
    }

    /** It alone was written when the broker refused what had been written last. */
    static MessagingException refused(PendingSend send, Closure closure) {
        return notDelivered(
                code(closure),
                send,
                reason(closure) + remedy(send, closure) + " It was not delivered.",
                closure.cause());
    }

    static MessagingException impossible(PendingSend send, MessagingException cause) {
        return notDelivered(
                cause.code() == ErrorCode.MESSAGE_TOO_LARGE ? ErrorCode.SEND_MESSAGE : cause.code(),
                send,
                "there is no connection: " + cause.getMessage() + AGAIN,
                cause);
    }

    static MessagingException unprepared(PendingSend send, MessagingException cause) {
        return notDelivered(cause.code(), send, cause.getMessage() + AGAIN, cause);
    }

    static InvalidMessageException invalid(ErrorCode code, Message message, String reason) {
        return new InvalidMessageException(
                code, "Sending a message to '" + Shown.text(message.topic()) + "' failed: " + reason);
    }

    /** Whether the broker's refusal is one of the message, not of the channel or connection. */
    static boolean isOfMessage(Closure closure) {
        return closure.kind() == Closure.Kind.BROKER
                && !closure.ofConnection()
                && switch (closure.code()) {
                    case ReplyCodes.ACCESS_REFUSED,
                            ReplyCodes.NOT_FOUND,
                            ReplyCodes.PRECONDITION_FAILED,
                            ReplyCodes.CONTENT_TOO_LARGE -> true;
                    default -> false;
                };
    }

    private static ErrorCode code(Closure closure) {
        return switch (closure.code()) {
            case ReplyCodes.ACCESS_REFUSED -> ErrorCode.AUTHORIZATION;
            case ReplyCodes.NOT_FOUND -> ErrorCode.TOPOLOGY_MISMATCH;
            case ReplyCodes.CONTENT_TOO_LARGE -> ErrorCode.MESSAGE_TOO_LARGE;
            case ReplyCodes.PRECONDITION_FAILED ->
                closure.text().contains("larger than") ? ErrorCode.MESSAGE_TOO_LARGE : ErrorCode.SEND_MESSAGE;
            default -> ErrorCode.SEND_MESSAGE;
        };
    }

    private static String reason(Closure closure) {
        String what = closure.ofConnection() ? "the connection was lost" : "the channel was closed";
        String code = closure.code() == 0 ? "" : closure.code() + " ";
        return what + " before its confirmation came (" + code + Shown.text(closure.text()) + ").";
    }

    private static String remedy(PendingSend send, Closure closure) {
        return switch (closure.code()) {
            case ReplyCodes.NOT_FOUND ->
                " Declare exchange '" + Shown.text(send.exchange())
                        + "', or let the client declare it with the topology CREATE.";
            case ReplyCodes.ACCESS_REFUSED ->
                " Give the user the permission to write to exchange '" + Shown.text(send.exchange()) + "'.";
            case ReplyCodes.PRECONDITION_FAILED, ReplyCodes.CONTENT_TOO_LARGE ->
                " Send less, or raise the broker's limit (max_message_size).";
            default -> "";
        };
    }

    private static MessagingException notDelivered(
            ErrorCode code, PendingSend send, String reason, @Nullable Throwable cause) {
        return new SendException(code, SendOutcome.NOT_DELIVERED, text(send, reason), cause);
    }

    private static MessagingException unknown(
            ErrorCode code, PendingSend send, String reason, @Nullable Throwable cause) {
        return new SendException(code, SendOutcome.UNKNOWN, text(send, reason + MAYBE), cause);
    }

    private static String text(PendingSend send, String reason) {
        String exchange =
                send.exchange().isEmpty() ? "the default exchange" : "exchange '" + Shown.text(send.exchange()) + "'";
        return "Sending a message to '" + Shown.text(send.message().topic()) + "' through " + exchange + " failed: "
                + reason;
    }
}
