package io.microservicekit.messaging.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a subscription is. Immutable.
 *
 * @param group the consumer group
 * @param topics what it subscribes to
 * @param state what it is doing
 * @param reasons one sentence for each thing that is not as it should be; the first few only when there are many
 * @param inFlight how many messages are received and not finished
 * @param parked how many messages wait for a retry, for a dead letter to be tried again, or block their lane
 * @param oldestUnfinished the message that was received first and is not finished; null when there is none, or nothing could be asked
 */
public record SubscriptionHealth(
        String group,
        List<String> topics,
        SubscriptionState state,
        List<String> reasons,
        long inFlight,
        long parked,
        @Nullable UnfinishedMessage oldestUnfinished) {
    /**
     * Copies the lists.
     *
     * @param group see the component
     * @param topics see the component
     * @param state see the component
     * @param reasons see the component
     * @param inFlight see the component
     * @param parked see the component
     * @param oldestUnfinished see the component
     */
    public SubscriptionHealth {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(state, "state");
        topics = Collections.unmodifiableList(new ArrayList<>(Objects.requireNonNull(topics, "topics")));
        reasons = Collections.unmodifiableList(new ArrayList<>(Objects.requireNonNull(reasons, "reasons")));
    }
}
