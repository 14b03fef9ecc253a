package io.microservicekit.messaging.api;

import java.time.Duration;
import java.util.List;

/**
 * The one entry point: owns the connection, the threads, and all producers and consumers made from it. Thread-safe.
 *
 * <p>Made by {@code MessagingClients.builder()} of messaging-core. Every thread of the client is gone after {@link #close()} or after
 * {@link #shutdown(Duration)} has returned, but for that of a handler (or of other code of yours) that ignores interruption: it ends when that returns.
 * Likewise one that opens a driver meanwhile and waits for the system's resolver of names, which nobody can interrupt: it ends when that answers, and
 * closes what it opened. No thread but those of your own factory keeps the program alive.
 */
public interface MessagingClient extends AutoCloseable {
    /**
     * A producer with default options.
     *
     * @return a new producer; closed with the client at the latest
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException CREATE_PRODUCER when the driver refuses its settings
     * @throws io.microservicekit.messaging.api.message.ClosedException CLIENT_CLOSED
     */
    default MessageProducer producer() {
        return producer(ProducerOptions.defaults());
    }

    /**
     * A producer.
     *
     * @param options its options, not null
     * @return a new producer; closed with the client at the latest
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException CREATE_PRODUCER when the driver refuses its settings
     * @throws io.microservicekit.messaging.api.message.ClosedException CLIENT_CLOSED
     */
    MessageProducer producer(ProducerOptions options);

    /**
     * A consumer of a group with default options.
     *
     * @param group the consumer group, not empty
     * @return a new consumer; closed with the client at the latest
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException EMPTY_GROUP_ID; INVALID_CONFIG when the group has control
     *     characters or more than 255 bytes
     * @throws io.microservicekit.messaging.api.message.ClosedException CLIENT_CLOSED
     */
    default MessageConsumer consumer(String group) {
        return consumer(group, ConsumerOptions.defaults());
    }

    /**
     * A consumer of a group.
     *
     * @param group the consumer group, not empty
     * @param options its options, not null
     * @return a new consumer; closed with the client at the latest
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException EMPTY_GROUP_ID; INVALID_CONFIG when the group has control
     *     characters or more than 255 bytes; CAPABILITY_MISSING when the options ask for what the backend cannot do (a start position other than
     *     newest without {@link Capability#REPLAY}), unless no broker has answered yet: then {@link MessageConsumer#subscribe} says so
     * @throws io.microservicekit.messaging.api.message.ClosedException CLIENT_CLOSED
     */
    MessageConsumer consumer(String group, ConsumerOptions options);

    /**
     * Prepares a group at the broker before it has a consumer: what is sent to the topics after this has returned is kept for it, and its first
     * consumer gets that. A ready subscription does the same. Idempotent; nothing is ever taken back from a group that is there.
     *
     * <p>On a backend of queues (RabbitMQ) the group's queue and its bindings are declared, as a subscription with the client's options would do it;
     * on one of partitions (Kafka) a group that has no position in a topic gets the present end of it, which {@link StartPosition} of a later consumer
     * does not change. A dead-letter destination is none of this: a subscription that has one takes care of it.
     *
     * <p>Blocks the calling thread for the connect timeout and a second at most. May be called in a handler, not on other threads of the client.
     *
     * @param group the consumer group, not empty
     * @param topics the topics that its consumers will subscribe, one or more, not copied to be kept
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException EMPTY_GROUP_ID; NO_TOPICS when there is none, or a blank one;
     *     INVALID_CONFIG when a name is no name of a group or topic, or is given twice, or the backend's options do not allow it; CAPABILITY_MISSING
     *     when the backend cannot do it
     * @throws io.microservicekit.messaging.api.message.ConsumeException TOPOLOGY_MISMATCH when what is there differs from the options;
     *     AUTHORIZATION; CREATE_CONSUMER when something is missing that the client may not create, or has been refused; TIMEOUT when it was not done
     *     in time, or the thread was interrupted (the flag stays set): then it may have been done all the same
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException NO_BROKERS_AVAILABLE, AUTHENTICATION, or what else stands between
     *     us and the brokers
     * @throws io.microservicekit.messaging.api.message.ClosedException CLIENT_CLOSED
     */
    void provision(String group, List<String> topics);

    /**
     * Ends that a group is given the messages of a topic, which it is for ever once it has subscribed it, on a backend whose groups are queues
     * (RabbitMQ). What the queue holds by then is still delivered, to whoever consumes it. Idempotent; a group that is not there has nothing to end.
     *
     * <p>Blocks the calling thread for the connect timeout and a second at most. May be called in a handler, not on other threads of the client.
     *
     * @param group the consumer group, not empty
     * @param topic the topic, as it was subscribed, not blank
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException EMPTY_GROUP_ID; NO_TOPICS when the topic is blank;
     *     INVALID_CONFIG when a name is no name of a group or topic, a consumer of this client subscribes the topic at present, or the backend's
     *     options do not allow it; CAPABILITY_MISSING when a group of the backend is given only what its members subscribe (Kafka)
     * @throws io.microservicekit.messaging.api.message.ConsumeException AUTHORIZATION; CREATE_CONSUMER when it was refused; TIMEOUT when it was not
     *     done in time, or the thread was interrupted (the flag stays set): then it may have been done all the same
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException NO_BROKERS_AVAILABLE, AUTHENTICATION, or what else stands between
     *     us and the brokers
     * @throws io.microservicekit.messaging.api.message.ClosedException CLIENT_CLOSED
     */
    void unbind(String group, String topic);

    /**
     * Asks whether a broker answers. Callers that ask at the same time share one question, and its answer holds for a second at most; nothing is
     * created at the broker.
     *
     * @param limit how long to wait for the answer; zero or less takes only one that is known
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException HEALTH_CHECK when none answers in time, caused by
     *     NO_BROKERS_AVAILABLE, AUTHENTICATION, AUTHORIZATION, or the driver's own error when it has another; when the thread is interrupted (the flag
     *     stays set), caused by that; and, without a cause, on a thread of the client that must not wait
     * @throws io.microservicekit.messaging.api.message.ClosedException CLIENT_CLOSED
     */
    void healthCheck(Duration limit);

    /**
     * How the client is: what a liveness, a readiness and a progress probe want to know. Asks the broker and each event loop, which takes
     * milliseconds when all is well; what has not answered after four seconds is taken as dead, and is not waited for again until it answers.
     * What was answered holds for a second at most. Between two calls nothing runs. A closed client is not ready; that is reported, not thrown.
     *
     * @return the report
     * @throws io.microservicekit.messaging.api.message.BackendUnavailableException HEALTH_CHECK when the thread is interrupted (the flag stays set),
     *     or is a thread of the client that must not wait
     */
    HealthReport health();

    /**
     * What is open.
     *
     * @return the counts of now; producers and consumers that were closed on their own are not in them. Never fails, also after a close
     */
    ClientStats stats();

    /**
     * Stops in order: intake stops, running handlers drain, dead letters under way are confirmed, finished messages are acknowledged, consumers
     * close, then producers (pending sends are flushed), then the connection and the threads. No message starts after the call; back-offs end at
     * once and are not counted as attempts; what is not finished stays un-acknowledged and is delivered again elsewhere.
     *
     * <p>Returns within the deadline plus one second whatever broker, network or handler do. Idempotent: a second call returns the report of the
     * first, waiting for it up to its own deadline. Called in a handler it starts the stop and returns at once with what is known then.
     * Interrupted: the deadline becomes zero and the interrupt flag stays set.
     *
     * @param deadline how long to wait for running handlers and pending sends; less than zero is taken as zero
     * @return what was drained, returned to the broker, abandoned
     */
    ShutdownReport shutdown(Duration deadline);

    /**
     * {@link #shutdown(Duration)} without a deadline for running handlers, nor for an event loop that code of yours blocks. When no broker answers, a
     * dead letter under way takes what is left of its send timeout, then leaving the groups takes up to 10 s and the flush of pending sends up to 30 s
     * more, that of dead letters 30 s again. Idempotent; interrupting it makes it {@code shutdown(ZERO)} with the interrupt flag still set.
     */
    @Override
    void close();
}
