package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import java.util.regex.Pattern;

/** Kafka's rule for topics: the driver would find it broken only when a broker answers. */
final class TopicNames {
    private static final Pattern VALID = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    private TopicNames() {}

    /** @param what the beginning of a sentence, for example {@code Subscribing} */
    static void check(String what, ConsumerSpec spec) {
        for (String topic : spec.topics()) {
            if (!VALID.matcher(topic).matches()) {
                throw new InvalidConfigurationException(
                        ErrorCode.INVALID_CONFIG,
                        what + " group '" + Shown.text(spec.group()) + "' was not tried: Kafka has no topic '"
                                + Shown.text(topic)
                                + "'. Use 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-', other than '.' and '..'.");
            }
        }
    }
}
