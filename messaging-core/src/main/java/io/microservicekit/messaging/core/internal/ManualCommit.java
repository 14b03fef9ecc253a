package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A user's commit of one message: what is checked before, and the wait for the broker. */
final class ManualCommit {
    /** How long the broker may take: as long as a send. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ClientRuntime runtime;
    private final String group;
    private final AckMode mode;

    ManualCommit(ClientRuntime runtime, String group, AckMode mode) {
        this.runtime = runtime;
        this.group = group;
        this.mode = mode;
    }

    /** Commits a message in the running subscription, null when there is none. */
    void commit(ReceivedMessage message, @Nullable CoreSubscription running) {
        check(message);
        CompletableFuture<Void> committed =
                running == null || !group.equals(message.group()) ? null : running.commit(message);
        if (committed == null) {
            throw new ConsumeException(
                    ErrorCode.NO_ACTIVE_SESSION,
                    "Committing " + message + " in group '" + group + "' was not tried: "
                            + (running == null
                                    ? "the consumer has no running subscription. Commit while the subscription that"
                                            + " received the message runs."
                                    : "it was received in another group. Commit it at its own consumer."));
        }
        await(message, committed);
    }

    private void check(@Nullable ReceivedMessage message) {
        if (message == null) {
            throw new InvalidMessageException(
                    ErrorCode.NIL_MESSAGE,
                    "Committing in group '" + group
                            + "' was not tried: the message is null. Commit what the handler got.");
        }
        if (mode != AckMode.MANUAL) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Committing " + message + " in group '" + group + "' was not tried: ackMode is " + mode
                            + ", the return of the handler acknowledges. Set ackMode(AckMode.MANUAL) to commit yourself.");
        }
        Place here = runtime.place();
        if (here == Place.LOOP || here == Place.IO) {
            throw new ConsumeException(
                    ErrorCode.TIMEOUT,
                    "Committing " + message + " in group '" + group + "' was not tried: thread "
                            + Thread.currentThread().getName()
                            + " belongs to the client and must not wait. Commit in the handler or on another executor.");
        }
    }

    private void await(ReceivedMessage message, CompletableFuture<Void> committed) {
        try {
            runtime.await(committed, LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(message, "the thread was interrupted while it waited", e);
        } catch (TimeoutException e) {
            throw unknown(message, "the broker did not answer within " + LIMIT, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof MessagingException own ? own : unknown(message, "it failed", cause);
        }
    }

    /** The engine has finished the message all the same: it takes effect as soon as the broker can be reached. */
    private ConsumeException unknown(ReceivedMessage message, String why, Throwable cause) {
        return new ConsumeException(
                ErrorCode.TIMEOUT,
                "Committing " + message + " in group '" + group + "' is not confirmed: " + why
                        + ". It is tried further while the partition is held; after a loss the message is delivered again.",
                cause);
    }
}
