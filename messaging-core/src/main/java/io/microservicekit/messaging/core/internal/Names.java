package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all backends agree on about the names of groups and topics; the rest is the adapters' own. */
final class Names {
    private static final int MOST_BYTES = 255;

    private Names() {}

    static void checkGroup(String attempt, @Nullable String group) {
        if (group == null || group.isBlank()) {
            throw new InvalidConfigurationException(
                    ErrorCode.EMPTY_GROUP_ID,
                    attempt + " was not tried: the group is '" + Shown.text(group) + "', must not be blank.");
        }
        String problem = problem(group);
        if (problem != null) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    attempt + " was not tried: the group '" + Shown.text(group) + "' " + problem + ".");
        }
    }

    static void checkTopics(String what, @Nullable List<String> topics) {
        String attempt = what + " was not tried: ";
        if (topics == null || topics.isEmpty() || topics.stream().anyMatch(topic -> topic == null || topic.isBlank())) {
            throw new InvalidConfigurationException(
                    ErrorCode.NO_TOPICS,
                    attempt + "topics are " + Shown.text(topics) + ", must be one or more names, none of them blank.");
        }
        Set<String> seen = new LinkedHashSet<>();
        for (String topic : topics) {
            String problem = seen.add(topic) ? problem(topic) : "is given twice";
            if (problem != null) {
                throw new InvalidConfigurationException(
                        ErrorCode.INVALID_CONFIG, attempt + "topic '" + Shown.text(topic) + "' " + problem + ".");
            }
        }
    }

    private static @Nullable String problem(String name) {
        if (name.chars().anyMatch(Character::isISOControl)) {
            return "has control characters, must have none";
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes > MOST_BYTES ? "has " + bytes + " bytes, must have at most " + MOST_BYTES : null;
    }
}
