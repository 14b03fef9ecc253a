package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One opened backend of one client. Its methods return at once; I/O happens behind the futures. Thread-safe. */
public interface Backend {
    /**
     * What it can do.
     *
     * @return the capabilities, the same on each call once {@link #probe()} has succeeded
     */
    Set<Capability> capabilities();

    /**
     * A producer over the backend's publishing connection.
     *
     * @param spec its bounds
     * @return a new producer
     * @throws io.microservicekit.messaging.api.message.MessagingException CREATE_PRODUCER
     */
    BackendProducer producer(ProducerSpec spec);

    /**
     * A consumer; it begins to work towards {@link BackendListener#ready()} at once and reports through the listener only.
     *
     * @param spec what to consume
     * @param listener where to report; must be called from threads or loops of the adapter, never from within a call of the engine
     * @return a new consumer
     * @throws io.microservicekit.messaging.api.message.MessagingException CREATE_CONSUMER
     */
    BackendConsumer consumer(ConsumerSpec spec, BackendListener listener);

    /**
     * Prepares a group before it has a consumer, so that what is sent to its topics from then on is kept for it. Idempotent. The backend gives up
     * by itself after its {@link BackendContext#connectTimeout()}.
     *
     * @param spec what a consumer with default options would consume; its dead-letter topic is null
     * @return completes normally once nothing sent to the topics afterwards is missed; exceptionally with a
     *     {@link io.microservicekit.messaging.api.message.MessagingException}
     * @throws io.microservicekit.messaging.api.message.MessagingException INVALID_CONFIG before any I/O; CAPABILITY_MISSING unless overridden
     */
    default CompletableFuture<Void> provision(ConsumerSpec spec) {
        throw new InvalidConfigurationException(
                ErrorCode.CAPABILITY_MISSING,
                "Provisioning group '" + Shown.text(spec.group())
                        + "' was not tried: the backend cannot do it. Subscribe before sending.");
    }

    /**
     * Ends that a group is given the messages of a topic, whether or not it is there. Gives up by itself as {@link #provision}.
     *
     * @param group the consumer group
     * @param topic the topic, which no consumer of this client subscribes at present
     * @return completes normally once it is so; exceptionally with a {@link io.microservicekit.messaging.api.message.MessagingException}
     * @throws io.microservicekit.messaging.api.message.MessagingException INVALID_CONFIG before any I/O; CAPABILITY_MISSING unless overridden
     */
    default CompletableFuture<Void> unbind(String group, String topic) {
        throw new InvalidConfigurationException(
                ErrorCode.CAPABILITY_MISSING,
                "Unbinding topic '" + Shown.text(topic) + "' from group '" + Shown.text(group)
                        + "' was not tried: the backend gives a group only what its members subscribe. Subscribe without it.");
    }

    /**
     * Whether dead letters go another way than messages, which only {@link BackendProducer#sendDeadLetter} knows. A producer of the user that is not
     * one of the library's would send them the way of messages, perhaps back to where they came from; the engine refuses it then.
     *
     * @return the same on each call; false unless overridden
     */
    default boolean separatesDeadLetters() {
        return false;
    }

    /**
     * Whether a broker answers. Cheap, creates nothing.
     *
     * @return completes normally when a broker answered; exceptionally with NO_BROKERS_AVAILABLE, AUTHENTICATION, …; the caller sets the limit
     */
    CompletableFuture<Void> probe();

    /**
     * Closes the connections. Producers and consumers were closed before.
     *
     * @param limit how long an orderly end may take; afterwards it is forced
     * @return completes normally when all is closed, always
     */
    CompletableFuture<Void> close(Duration limit);
}
