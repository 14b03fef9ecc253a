package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;

/** The errors that end a subscription. */
final class ConsumeFailures {
    private static final String MIGRATION =
            "A running group moves between the values of group.protocol where the broker's group.consumer.migration.policy allows it.";

    private ConsumeFailures() {}

    /** The broker refuses us: trying again changes nothing. */
    static boolean refused(Throwable error) {
        return error instanceof AuthenticationException || error instanceof AuthorizationException;
    }

    /** The driver says only that something unexpected happened: what it knows to be for ever has a class of its own. */
    static boolean unexpected(KafkaException error) {
        Throwable cause = error.getCause();
        // Another cause is what a callback of ours threw.
        return error.getClass() == KafkaException.class
                && !isKept(error)
                && (cause == null || (cause instanceof KafkaException && !refused(cause)));
    }

    /** The driver keeps a batch that it could not read, and throws the same again at each poll, by these words: only another driver reads it anew. */
    private static boolean isKept(KafkaException error) {
        return String.valueOf(error.getMessage()).startsWith("Received exception when fetching the next record");
    }

    static MessagingException of(ConsumerSpec spec, Throwable cause) {
        if (cause instanceof MessagingException ours) {
            return ours;
        }
        String refusal = BrokerRefusals.text(cause, "Read");
        if (refusal != null) {
            return new ConsumeException(code(cause), text(spec, refusal), cause);
        }
        return new ConsumeException(
                code(cause),
                text(spec, cause.getClass().getSimpleName() + ": " + cause.getMessage() + remedy(cause)),
                cause);
    }

    static MessagingException noDeadLetterTopic(ConsumerSpec spec, String topic) {
        return new ConsumeException(
                ErrorCode.CREATE_CONSUMER,
                text(
                        spec,
                        "the dead-letter topic '" + TopicName.printable(topic)
                                + "' does not exist. Create it, with as many partitions as"
                                + " you like; the subscription never creates topics."));
    }

    private static ErrorCode code(Throwable cause) {
        if (cause instanceof AuthenticationException) {
            return ErrorCode.AUTHENTICATION;
        }
        return cause instanceof AuthorizationException ? ErrorCode.AUTHORIZATION : ErrorCode.CREATE_CONSUMER;
    }

    private static String remedy(Throwable cause) {
        if (cause instanceof InconsistentGroupProtocolException) {
            return " The group has members with another assignor or another group.protocol; this client uses the cooperative sticky assignor only. Give"
                    + " the other members both assignors in one rolling restart, then only the cooperative one in a second; or stop them all first. "
                    + MIGRATION;
        }
        if (cause instanceof GroupIdNotFoundException) {
            return " The group has members of group.protocol=classic; stop them all first. " + MIGRATION;
        }
        if (cause instanceof FencedInstanceIdException) {
            return " Another consumer uses the same group.instance.id; give each its own.";
        }
        return "";
    }

    private static String text(ConsumerSpec spec, String reason) {
        return "Consuming " + spec.topics() + " in group '" + TopicName.printable(spec.group()) + "' failed: " + reason;
    }
}
