package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.kafka.KafkaOptions;

/** The driver repeats values that it cannot read, credentials included: then its words are withheld. */
final class SafeCause {
    private SafeCause() {}

    static InvalidConfigurationException configuration(
            ErrorCode code, String attempt, Throwable cause, KafkaOptions options) {
        if (options.properties().keySet().stream()
                .anyMatch(name -> name.startsWith("sasl.") || name.startsWith("ssl."))) {
            return new InvalidConfigurationException(
                    code,
                    attempt
                            + ": the driver refused its settings; its words are withheld because they may repeat a secret."
                            + " Check the properties " + options.properties().keySet() + ".");
        }
        return new InvalidConfigurationException(code, attempt + ": " + deepest(cause), cause);
    }

    /** The text of an error for the middle of a sentence. */
    static String withoutStop(Throwable error) {
        String text = String.valueOf(error.getMessage());
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String deepest(Throwable error) {
        Throwable cause = error;
        for (int depth = 0; cause.getCause() != null && depth < 10; depth++) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
