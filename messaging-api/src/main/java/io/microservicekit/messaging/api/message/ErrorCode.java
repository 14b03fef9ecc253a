package io.microservicekit.messaging.api.message;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stable name of what went wrong, for logs, metrics and decisions in code.
 *
 * <p>The first seventeen keep the names of the Go library this project specifies itself by ({@code ErrNoBrokers} is {@link #NO_BROKERS} and so
 * on); the others are further reasons. A specific code may have a {@linkplain #broader() broader} one, so that
 * {@code MessagingException.is(e, SEND_MESSAGE)} is true for {@link #UNROUTABLE} as well.
 */
public enum ErrorCode {
    /** No broker address was configured. */
    NO_BROKERS(null),
    /** The client could not be created; the cause says why. */
    CREATE_CLIENT(null),
    /** The client is closed. */
    CLIENT_CLOSED(null),
    /** No configured broker answered in time. */
    NO_BROKERS_AVAILABLE(null),
    /** The health check failed; the cause says why. */
    HEALTH_CHECK(null),
    /** The consumer group is empty or blank. */
    EMPTY_GROUP_ID(null),
    /** The producer is closed. */
    PRODUCER_CLOSED(null),
    /** A message is null. */
    NIL_MESSAGE(null),
    /** The topic of a message is empty or blank. */
    EMPTY_TOPIC(null),
    /** No topic to subscribe to was given. */
    NO_TOPICS(null),
    /** The handler is null. */
    NIL_HANDLER(null),
    /** The message belongs to no active session of this consumer: its assignment was lost, or nothing is subscribed. */
    NO_ACTIVE_SESSION(null),
    /** No backend of the wanted type is present. */
    UNSUPPORTED_TYPE(null),
    /** The producer could not be created; the cause says why. */
    CREATE_PRODUCER(null),
    /** The consumer could not be created or its subscription not be established; the cause says why. */
    CREATE_CONSUMER(null),
    /** A message could not be sent; {@link SendException#outcome()} says whether it may be there all the same. */
    SEND_MESSAGE(null),
    /** At least one message of a batch was not delivered. */
    BATCH_SEND(null),
    /** The consumer is closed. */
    CONSUMER_CLOSED(null),
    /** The consumer already has a running subscription. */
    ALREADY_CONSUMING(null),
    /** The deadline passed first. */
    TIMEOUT(null),
    /** The broker took the message but had nowhere to route it; it was not delivered. */
    UNROUTABLE(SEND_MESSAGE),
    /** The bounded queue of unconfirmed sends is full; the message was not delivered. */
    SEND_QUEUE_FULL(SEND_MESSAGE),
    /** The backend lacks an ability that was asked for. */
    CAPABILITY_MISSING(null),
    /** An option, or a combination of options, is not valid. */
    INVALID_CONFIG(null),
    /** An entity at the broker differs from what was asked for. */
    TOPOLOGY_MISMATCH(null),
    /** The broker refused who we are. */
    AUTHENTICATION(null),
    /** The broker refused what we may do. */
    AUTHORIZATION(null),
    /** The message is larger than a limit; it was not delivered. */
    MESSAGE_TOO_LARGE(SEND_MESSAGE),
    /** A header is not what its reader asked for, or cannot be written. */
    MALFORMED_HEADER(null);

    private final @Nullable ErrorCode broader;

    ErrorCode(@Nullable ErrorCode broader) {
        this.broader = broader;
    }

    /**
     * The more general code that this one is a case of.
     *
     * @return the broader code, or null when this one is general
     */
    public @Nullable ErrorCode broader() {
        return broader;
    }

    /**
     * Whether this code is the given one or a case of it.
     *
     * @param other the code to compare with
     * @return true when {@code other} is this code or its broader one
     */
    public boolean isA(ErrorCode other) {
        Objects.requireNonNull(other, "other");
        return this == other || broader == other;
    }
}
