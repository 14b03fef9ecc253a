package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a backend needs to know of a subscription. Immutable.
 *
 * @param group the consumer group
 * @param topics the topics, literally, at least one
 * @param startPosition where a group that has never committed begins
 * @param ordering what the engine keeps in order
 * @param concurrency how many handlers run at once
 * @param maxUncommitted how many messages per partition the engine lets be finished but not committed; a backend that commits by interval must
 *     commit at the latest when half of them are
 * @param deadLetterTopic the destination of dead letters, which must exist (or is declared) before the consumer is ready; null for none
 * @param discards whether a message that fails once is given up, as the user said explicitly: no retry, no dead letters,
 *     {@link io.microservicekit.messaging.api.ExhaustedPolicy#DISCARD}; a backend that forgets messages once they are delivered takes no other consumer
 * @param logger where the consumer logs
 */
public record ConsumerSpec(
        String group,
        List<String> topics,
        StartPosition startPosition,
        OrderingMode ordering,
        int concurrency,
        int maxUncommitted,
        @Nullable String deadLetterTopic,
        boolean discards,
        System.Logger logger) {
    /**
     * Copies the topics.
     *
     * @param group see the component
     * @param topics see the component
     * @param startPosition see the component
     * @param ordering see the component
     * @param concurrency see the component
     * @param maxUncommitted see the component
     * @param deadLetterTopic see the component
     * @param discards see the component
     * @param logger see the component
     */
    public ConsumerSpec {
        Objects.requireNonNull(group, "group");
        topics = Collections.unmodifiableList(new ArrayList<>(topics));
        Objects.requireNonNull(startPosition, "startPosition");
        Objects.requireNonNull(ordering, "ordering");
        Objects.requireNonNull(logger, "logger");
    }

    /**
     * A consumer that does not {@link #discards discard}.
     *
     * @param group see the component
     * @param topics see the component
     * @param startPosition see the component
     * @param ordering see the component
     * @param concurrency see the component
     * @param maxUncommitted see the component
     * @param deadLetterTopic see the component
     * @param logger see the component
     */
    public ConsumerSpec(
            String group,
            List<String> topics,
            StartPosition startPosition,
            OrderingMode ordering,
            int concurrency,
            int maxUncommitted,
            @Nullable String deadLetterTopic,
            System.Logger logger) {
        this(group, topics, startPosition, ordering, concurrency, maxUncommitted, deadLetterTopic, false, logger);
    }
}
