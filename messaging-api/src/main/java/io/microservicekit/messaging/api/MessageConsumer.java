package io.microservicekit.messaging.api;

import java.util.Collections;
import java.util.List;

/**
 * Consumes topics in a group. Thread-safe; has at most one running {@link Subscription}.
 */
public interface MessageConsumer extends AutoCloseable {
    /**
     * The consumer group.
     *
     * @return the group, never empty
     */
    String group();

    /**
     * Subscribes to one topic; see {@link #subscribe(List, MessageHandler)}.
     *
     * @param topic the topic, literally
     * @param handler called for each message
     * @return the running subscription
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException NO_TOPICS, NIL_HANDLER, ALREADY_CONSUMING
     * @throws io.microservicekit.messaging.api.message.ClosedException CONSUMER_CLOSED or CLIENT_CLOSED
     */
    default Subscription subscribe(String topic, MessageHandler handler) {
        return subscribe(Collections.singletonList(topic), handler);
    }

    /**
     * Subscribes to topics and returns at once; {@link Subscription#ready()} tells when nothing sent from then on is missed.
     *
     * @param topics the topics, literally; at least one, none empty
     * @param handler called for each message, see {@link MessageHandler#handle} for thread and order
     * @return the running subscription
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException NO_TOPICS, NIL_HANDLER, ALREADY_CONSUMING
     * @throws io.microservicekit.messaging.api.message.ClosedException CONSUMER_CLOSED or CLIENT_CLOSED
     */
    Subscription subscribe(List<String> topics, MessageHandler handler);

    /** Closes the running subscription without a deadline for running handlers, then the consumer. Idempotent. */
    @Override
    void close();
}
