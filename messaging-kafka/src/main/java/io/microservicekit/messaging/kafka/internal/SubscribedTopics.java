package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.TopicNames;

/** Kafka's rule for topics: the driver would find it broken only when a broker answers. */
final class SubscribedTopics {
    private SubscribedTopics() {}

    /** @param what the beginning of a sentence, for example {@code Subscribing} */
    static void check(String what, ConsumerSpec spec) {
        for (String topic : spec.topics()) {
            if (!TopicNames.isValid(topic)) {
                throw new InvalidConfigurationException(
                        ErrorCode.INVALID_CONFIG,
                        what + " group '" + Shown.text(spec.group()) + "' was not tried: Kafka has no topic '"
                                + Shown.text(topic)
                                + "'. " + TopicNames.RULE);
            }
        }
    }
}
