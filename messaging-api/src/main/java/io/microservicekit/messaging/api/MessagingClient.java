package io.microservicekit.messaging.api;

import java.time.Duration;

/**
 * The one entry point: owns the connection, the threads, and all producers and consumers made from it. Thread-safe.
 *
 * <p>Made by {@code MessagingClients.builder()} of messaging-core. Every thread of the client is gone after {@link #close()} or after
 * {@link #shutdown(Duration)} has returned, but for that of a handler (or of other code of yours) that ignores interruption: it ends when that returns.
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
