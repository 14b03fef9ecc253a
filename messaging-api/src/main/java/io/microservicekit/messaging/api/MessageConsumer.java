package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.ReceivedMessage;
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
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException NO_TOPICS, NIL_HANDLER, ALREADY_CONSUMING;
     *     INVALID_CONFIG when a topic is given twice, has control characters or more than 255 bytes, is none that the backend has (with partitions:
     *     1 to 249 of {@code a-z A-Z 0-9 . _ -}), or is the consumer's own dead-letter topic, and when nothing can be sent to that one;
     *     CAPABILITY_MISSING when no broker had answered before the consumer was made and the backend cannot do what its options ask for;
     *     CREATE_CONSUMER when the driver refuses its settings
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
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException NO_TOPICS, NIL_HANDLER, ALREADY_CONSUMING;
     *     INVALID_CONFIG when a topic is given twice, has control characters or more than 255 bytes, is none that the backend has (with partitions:
     *     1 to 249 of {@code a-z A-Z 0-9 . _ -}), or is the consumer's own dead-letter topic, and when nothing can be sent to that one;
     *     CAPABILITY_MISSING when no broker had answered before the consumer was made and the backend cannot do what its options ask for;
     *     CREATE_CONSUMER when the driver refuses its settings
     * @throws io.microservicekit.messaging.api.message.ClosedException CONSUMER_CLOSED or CLIENT_CLOSED
     */
    Subscription subscribe(List<String> topics, MessageHandler handler);

    /**
     * Commits one message in {@link AckMode#MANUAL}: it is finished, whatever its handler still does. When all messages before it in its partition
     * (or queue) are finished too, this waits until the broker has taken the commit, which is not held back until the next interval; when a lower
     * one is not, it returns at once, and the commit takes effect together with that of the lower one, or on a queue by itself soon. Thus the
     * committed position never passes an unfinished message. A second commit of a message changes nothing. A commit that comes before the
     * handler's exception wins: no retry, no dead letter; a dead-lettered or discarded message counts as committed.
     *
     * <p>May be called from any thread that may wait, also in the handler. Committing one by one in the handler costs a round trip per message;
     * committing the last of several, after their handlers returned, does not commit the others: commit each, in any order.
     *
     * @param message a message as the handler of this consumer got it
     * @throws io.microservicekit.messaging.api.message.ConsumeException NO_ACTIVE_SESSION when the message belongs to no running subscription of
     *     this consumer: its partition was taken away or recycled, its subscription was closed, or another consumer received it; unless it was
     *     committed before it is delivered again. TIMEOUT when the broker has not answered within 30 s or the waiting thread was interrupted (the
     *     flag is set again): the commit goes on; and, without being tried, on an event loop or I/O thread of the client, which must not wait
     * @throws io.microservicekit.messaging.api.message.InvalidMessageException NIL_MESSAGE
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException INVALID_CONFIG in {@link AckMode#AFTER_HANDLER}
     */
    void commit(ReceivedMessage message);

    /**
     * Closes the running subscription without a deadline for running handlers, then the consumer. Idempotent. Called in a handler, or on another
     * thread of the client, it starts that and returns at once, before the handlers have ended. Interrupted: the deadline becomes zero, and the flag
     * stays set.
     */
    @Override
    void close();
}
