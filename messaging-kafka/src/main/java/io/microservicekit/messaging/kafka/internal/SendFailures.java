package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.kafka.internal.shared.Impediment;
import io.microservicekit.messaging.kafka.internal.shared.Refusal;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;

/** The errors of sending: what became of the message decides, then the reason. */
final class SendFailures {
    private SendFailures() {}

    static MessagingException of(String topic, Refusal refusal) {
        return switch (refusal) {
            case EXPIRED -> expired(topic);
            case CLOSED, CUT_OFF -> closed(topic);
        };
    }

    private static MessagingException expired(String topic) {
        return notDelivered(
                ErrorCode.TIMEOUT,
                topic,
                "the timeout passed while the driver could not take it: the topic does not exist, no broker answers, or its buffer is full."
                        + " It was not delivered and can be sent again.");
    }

    /** The timeout passed while something known was in the way of all messages. */
    static MessagingException expired(String topic, Impediment impediment) {
        return notDelivered(
                impediment.code(),
                topic,
                "the timeout passed while " + impediment.text()
                        + " (it goes on trying). It was not delivered and can be sent again.");
    }

    static MessagingException closed(String topic) {
        return notDelivered(
                ErrorCode.PRODUCER_CLOSED,
                topic,
                "the producer is closed. It was not delivered; send it through an open producer.");
    }

    static InvalidMessageException tooLarge(String topic, long bytes, long limit, String setting) {
        return new InvalidMessageException(
                ErrorCode.MESSAGE_TOO_LARGE,
                text(
                        topic,
                        "its key, value and headers need up to " + bytes + " B as a record, " + setting + " is " + limit
                                + " B. It was not delivered; send less, or raise the limit here and at the topic (max.message.bytes)."));
    }

    static MessagingException undecided(String topic) {
        return new SendException(
                ErrorCode.TIMEOUT,
                SendOutcome.UNKNOWN,
                text(
                        topic,
                        "no confirmation came within the timeout. It may be there all the same; sending it again may make a duplicate."),
                null);
    }

    /** The driver took it and did not even tell that its time is up, and that its thread has ended is not known: it has never confirmed anything. */
    static MessagingException unanswered(String topic) {
        return new SendException(
                ErrorCode.TIMEOUT,
                SendOutcome.UNKNOWN,
                text(
                        topic,
                        "no confirmation came within the timeout, and the Kafka driver did not end it either: its sending thread was ended by an"
                                + " error (look for an OutOfMemoryError in the log) or is held up, or the clock of this machine was set back. It may be"
                                + " there all the same; sending it again may make a duplicate. When further sends end so, close this producer and"
                                + " open another."),
                null);
    }

    /** The driver held it when its thread ended. */
    static MessagingException deserted(String topic) {
        return new SendException(
                ErrorCode.SEND_MESSAGE,
                SendOutcome.UNKNOWN,
                text(
                        topic,
                        "the sending thread of the Kafka driver was ended by an error before a confirmation came (look for an OutOfMemoryError in the log);"
                                + " another driver takes its place. It may be there all the same; sending it again may make a duplicate."),
                null);
    }

    /** It was in the driver when the close was forced to its end. */
    static MessagingException abandoned(String topic) {
        return new SendException(
                ErrorCode.PRODUCER_CLOSED,
                SendOutcome.UNKNOWN,
                text(
                        topic,
                        "the producer was closed before a confirmation came. It may be there all the same; sending it again may make a"
                                + " duplicate. Close with a longer limit, or wait for confirmations before."),
                null);
    }

    /** What the driver said before the message entered it: it cannot be at the broker. */
    static MessagingException refused(String topic, Throwable cause) {
        if (isOfClose(cause)) {
            return closed(topic);
        }
        return new SendException(
                code(cause), SendOutcome.NOT_DELIVERED, text(topic, reason(cause) + ". It was not delivered."), cause);
    }

    /** The driver held it, never sent anything and ended: a broker had refused its connection. */
    static MessagingException unauthenticated(String topic, Throwable cause) {
        return new SendException(
                ErrorCode.AUTHENTICATION,
                SendOutcome.NOT_DELIVERED,
                text(
                        topic,
                        "the broker refused our connection, by SASL or TLS: check mechanism, user, password and certificates. It was not delivered"
                                + " and can be sent again."),
                cause);
    }

    /**
     * What the driver said after the message entered it: known only where the broker's answer does not depend on when it was asked. A right or a
     * password may be taken away after an attempt that arrived and whose confirmation was lost.
     */
    static MessagingException of(String topic, Throwable cause) {
        if (surelyRefused(cause)) {
            return refused(topic, cause);
        }
        return new SendException(
                code(cause),
                SendOutcome.UNKNOWN,
                text(topic, reason(cause) + ". It may be there all the same; sending it again may make a duplicate."),
                cause);
    }

    private static boolean surelyRefused(Throwable cause) {
        return isOfClose(cause)
                || cause instanceof RecordTooLargeException
                || cause instanceof RecordBatchTooLargeException
                || cause instanceof InvalidRecordException
                || cause instanceof InvalidTimestampException
                || cause instanceof InvalidTopicException
                || cause instanceof SerializationException;
    }

    /** What the driver says to a send that finds it closing or closed, in either case before it appends anything. */
    static boolean isOfClose(Throwable cause) {
        return "Producer closed while send in progress".equals(cause.getMessage())
                || "Requested metadata update after close".equals(cause.getMessage())
                || "Cannot perform operation after producer has been closed".equals(cause.getMessage());
    }

    private static ErrorCode code(Throwable cause) {
        if (cause instanceof RecordTooLargeException || cause instanceof RecordBatchTooLargeException) {
            return ErrorCode.MESSAGE_TOO_LARGE;
        }
        if (cause instanceof AuthenticationException) {
            return ErrorCode.AUTHENTICATION;
        }
        if (cause instanceof AuthorizationException) {
            return ErrorCode.AUTHORIZATION;
        }
        return cause instanceof TimeoutException ? ErrorCode.TIMEOUT : ErrorCode.SEND_MESSAGE;
    }

    private static String reason(Throwable cause) {
        String refusal = BrokerRefusals.text(cause, "Write");
        if (refusal != null) {
            return refusal.substring(0, refusal.length() - 1);
        }
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private static MessagingException notDelivered(ErrorCode code, String topic, String reason) {
        return new SendException(code, SendOutcome.NOT_DELIVERED, text(topic, reason), null);
    }

    private static String text(String topic, String reason) {
        return "Sending a message to topic '" + TopicName.printable(topic) + "' failed: " + reason;
    }
}
