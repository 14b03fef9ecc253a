package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.Shown;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Messages of topics that nobody subscribed, because the queue has a binding from before or from somebody else: said once. */
final class Surprises {
    private final ConsumerParts parts;
    private final Set<String> literal = new LinkedHashSet<>();
    private final List<TopicPattern> patterns = new ArrayList<>();
    private boolean quiet;

    /**
     * For the topics of a consumer.
     *
     * @param byTopic whether the exchange looks at topics at all
     * @param withPatterns whether {@code *} and {@code #} stand for words
     */
    Surprises(ConsumerParts parts, boolean byTopic, boolean withPatterns) {
        this.parts = parts;
        this.quiet = !byTopic;
        for (String topic : parts.spec().topics()) {
            if (withPatterns && (topic.contains("*") || topic.contains("#"))) {
                patterns.add(new TopicPattern(topic));
            } else {
                literal.add(topic);
            }
        }
    }

    void see(String topic) {
        if (!quiet && !isExpected(topic)) {
            quiet = true;
            parts.log(
                    Level.WARNING,
                    "a message of the topic '" + Shown.text(topic)
                            + "' came, which is not subscribed; the handler gets it. The queue has a binding"
                            + " from an earlier subscription or from somebody else: client.unbind(group, topic) takes it away. This is said once",
                    null);
        }
    }

    private boolean isExpected(String topic) {
        return literal.contains(topic) || patterns.stream().anyMatch(pattern -> pattern.matches(topic));
    }
}
