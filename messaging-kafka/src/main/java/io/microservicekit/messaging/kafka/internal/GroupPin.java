package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.kafka.internal.shared.CloseSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Pins a group without joining it, by the rule of its members: what is sent afterwards is for it. Kafka takes such commits of a group without members
 * only; one that has some is pinned by them, which is waited for. Tried again until the connect timeout has passed. On a thread that may wait.
 */
final class GroupPin {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String NOT_CREATED =
            "not all of the topics that are to be created were ready, with a leader in each"
                    + " partition. Look at the brokers, and call it again.";
    private static final String NOT_PINNED =
            "not all partitions that these topics have by now were given a position. Call it again.";
    private static final String MEMBERS =
            "the group has members that have no position in all partitions of these topics, and Kafka"
                    + " lets nobody else set one for them. Let them subscribe these topics, or stop them first.";

    private final ConsumerSpec spec;
    private final BackendContext context;
    private final Broker broker;
    private final CloseSignal closing;
    private @Nullable Seen last;

    /** What stood in the way of an attempt, in words where it was no error. */
    private record Seen(String text, @Nullable RuntimeException error) {}

    /**
     * How it asks the broker.
     *
     * @param created whether all topics are there that are to be created
     * @param time what is left since the call, to which all questions keep
     */
    record Broker(DriverCalls driver, PositionResolver resolver, BooleanSupplier created, TimeLeft time) {}

    GroupPin(ConsumerSpec spec, BackendContext context, Broker broker, CloseSignal closing) {
        this.spec = spec;
        this.context = context;
        this.broker = broker;
        this.closing = closing;
    }

    /** Returns when the group is pinned in all partitions of all topics. */
    void pin() {
        while (!attempt()) {
            if (closing.isGiven()) {
                throw closed(spec);
            }
            if (broker.time().isOver(PAUSE)) {
                throw expired();
            }
            context.runtime().awaitDrain(context.runtime().future(), PAUSE);
        }
    }

    private boolean attempt() {
        try {
            return created() && pinned();
        } catch (RetriableException | RebalanceInProgressException | CommitFailedException e) {
            note(e);
            return false;
        } catch (MessagingException e) {
            throw e;
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    private boolean created() {
        boolean created = broker.created().getAsBoolean();
        if (!created) {
            last = new Seen(NOT_CREATED, null);
        }
        return created;
    }

    private boolean pinned() {
        broker.resolver().resolve(partitions());
        boolean pinned = spec.topics().stream().allMatch(broker.resolver()::pinned);
        if (!pinned) {
            last = new Seen(NOT_PINNED, null);
        }
        return pinned;
    }

    /** A question that had no time left says nothing against what was answered before. */
    private void note(RuntimeException error) {
        boolean cutShort = error instanceof TimeoutException && broker.time().isOver(PAUSE);
        if (last == null || !cutShort) {
            last = new Seen(MEMBERS, error);
        }
    }

    private List<TopicPartition> partitions() {
        List<TopicPartition> partitions = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String topic : spec.topics()) {
            int count = broker.driver().partitionCount(topic);
            for (int partition = 0; partition < count; partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
            if (count == 0) {
                missing.add(topic);
            }
        }
        if (!missing.isEmpty()) {
            throw new UnknownTopicOrPartitionException("topics " + missing + " do not exist");
        }
        return partitions;
    }

    private MessagingException expired() {
        String passed = attempted() + context.connectTimeout() + " have passed: ";
        Seen seen = Objects.requireNonNull(last, "an attempt comes first");
        RuntimeException cause = seen.error();
        if (cause instanceof UnknownTopicOrPartitionException) {
            return new ConsumeException(
                    ErrorCode.CREATE_CONSUMER,
                    passed + Shown.text(cause.getMessage()) + ". Create them, or let KafkaOptions topology(..) do it.",
                    cause);
        }
        if (cause instanceof RetriableException) {
            return new BackendUnavailableException(
                    ErrorCode.NO_BROKERS_AVAILABLE,
                    passed + "no broker answered all that was asked (" + Shown.text(cause.getMessage())
                            + "). Check that they run, and their addresses.",
                    cause);
        }
        return new ConsumeException(ErrorCode.CREATE_CONSUMER, passed + seen.text(), cause);
    }

    private MessagingException failure(RuntimeException cause) {
        String refusal = BrokerRefusals.text(cause, "Read");
        if (refusal == null) {
            return new ConsumeException(ErrorCode.CREATE_CONSUMER, attempted() + Shown.text(cause) + ".", cause);
        }
        ErrorCode code = cause instanceof AuthenticationException ? ErrorCode.AUTHENTICATION : ErrorCode.AUTHORIZATION;
        return new ConsumeException(code, attempted() + refusal, cause);
    }

    static ClosedException closed(ConsumerSpec spec) {
        return new ClosedException(
                ErrorCode.CLIENT_CLOSED, attempted(spec) + "the client was closed meanwhile. Build a new client.");
    }

    private String attempted() {
        return attempted(spec);
    }

    private static String attempted(ConsumerSpec spec) {
        return "Provisioning group '" + Shown.text(spec.group()) + "' for " + Shown.text(spec.topics()) + " failed: ";
    }
}
