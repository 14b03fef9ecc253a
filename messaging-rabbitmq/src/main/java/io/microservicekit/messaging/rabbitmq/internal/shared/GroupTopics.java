package io.microservicekit.messaging.rabbitmq.internal.shared;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The topics that the consumers of a client subscribe in each group. A group is one queue, which gets the topics of all its consumers: one of them
 * that subscribes others would be given what it never asked for. Thread-safe.
 */
public final class GroupTopics {
    private final Object lock = new Object();
    private final Map<String, Subscribed> groups = new LinkedHashMap<>();

    /** For one client. */
    public GroupTopics() {}

    /**
     * A consumer is about to be opened.
     *
     * @throws InvalidConfigurationException INVALID_CONFIG when another one of the group subscribes other topics
     */
    public void join(String group, List<String> topics) {
        TreeSet<String> wanted = new TreeSet<>(topics);
        synchronized (lock) {
            Subscribed present = groups.get(group);
            if (present != null && !present.topics.equals(wanted)) {
                throw different(group, wanted, present.topics);
            }
            int consumers = present == null ? 0 : present.consumers;
            groups.put(group, new Subscribed(wanted, consumers + 1));
        }
    }

    /** A consumer that had joined is closed. */
    public void leave(String group) {
        synchronized (lock) {
            Subscribed present = groups.get(group);
            if (present == null || present.consumers == 1) {
                groups.remove(group);
            } else {
                groups.put(group, new Subscribed(present.topics, present.consumers - 1));
            }
        }
    }

    private static InvalidConfigurationException different(String group, Set<String> wanted, Set<String> present) {
        return new InvalidConfigurationException(
                ErrorCode.INVALID_CONFIG,
                "Consuming " + shown(wanted) + " in group '" + Shown.text(group)
                        + "' failed: another consumer of this client in this group subscribes " + shown(present) + "; "
                        + difference("only this one", wanted, present) + difference("only the other", present, wanted)
                        + "a group is one queue, whose consumers share all its topics. Subscribe the same topics, or use another group.");
    }

    private static String difference(String who, Set<String> these, Set<String> those) {
        List<String> more = new ArrayList<>(these);
        more.removeAll(those);
        return more.isEmpty() ? "" : who + " has " + shown(more) + "; ";
    }

    private static String shown(Iterable<String> topics) {
        return Shown.text(topics);
    }

    private record Subscribed(Set<String> topics, int consumers) {}
}
