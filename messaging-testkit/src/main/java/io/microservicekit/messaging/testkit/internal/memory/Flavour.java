package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.Message;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the broker stores and shares out messages. All methods are called under the broker's lock. */
interface Flavour {
    Set<Capability> capabilities();

    /** Stores a message for all who consume its topic; null when nobody would ever get it. */
    @Nullable LogEntry publish(Message message);

    /** Stores a dead letter at the destination named by its topic; null when there is no such destination. */
    @Nullable LogEntry publishDeadLetter(Message message);

    /** The group of that name; comes into being by use. */
    Group group(String name);

    /** The group of that name, null when there is none. */
    @Nullable Group find(String name);

    Collection<? extends Group> groups();

    /** All messages that were stored under a topic, in the order of arrival. */
    List<LogEntry> messages(String topic);

    /** How long a delivery may stay unacknowledged; null for no limit. */
    @Nullable Duration consumerTimeout();
}
