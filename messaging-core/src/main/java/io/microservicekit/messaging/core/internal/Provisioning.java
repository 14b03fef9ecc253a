package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.core.internal.engine.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has the backend prepare what groups need at the broker, and waits for it. */
final class Provisioning {
    /** What the backend gets beyond the connect timeout to say what it tried. */
    private static final Duration GIVE_UP = Duration.ofSeconds(1);

    private final ClientParts parts;

    Provisioning(ClientParts parts) {
        this.parts = parts;
    }

    void provision(String attempt, String group, List<String> topics) {
        ConsumerOptions none = ConsumerOptions.defaults();
        ConsumerSpec spec = new ConsumerSpec(
                group,
                topics,
                none.startPosition(),
                none.ordering(),
                none.concurrency(),
                none.maxUncommitted(),
                null,
                parts.logger());
        await(attempt, () -> parts.backend().provision(spec));
    }

    void unbind(String attempt, String group, String topic) {
        await(attempt, () -> parts.backend().unbind(group, topic));
    }

    private void await(String attempt, Supplier<@Nullable CompletableFuture<Void>> call) {
        Place here = parts.runtime().place();
        if (here == Place.LOOP || here == Place.IO) {
            throw new ConsumeException(
                    ErrorCode.CREATE_CONSUMER,
                    attempt + " was not tried: thread " + Thread.currentThread().getName()
                            + " belongs to the client and must not wait. Use another executor.");
        }
        Duration limit = parts.connectTimeout().plus(GIVE_UP);
        try {
            parts.runtime().await(Answer.of(call), limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(attempt, "the thread was interrupted", e);
        } catch (TimeoutException e) {
            throw parts.lifecycle().isRunning()
                    ? unknown(attempt, "the backend did not answer within " + limit, e)
                    : parts.clientClosed(attempt);
        } catch (ExecutionException e) {
            throw failure(attempt, e.getCause());
        }
    }

    private static ConsumeException unknown(String attempt, String why, Throwable cause) {
        return new ConsumeException(
                ErrorCode.TIMEOUT, attempt + " ended: " + why + ". It may be done all the same; call it again.", cause);
    }

    private static MessagingException failure(String attempt, @Nullable Throwable cause) {
        if (cause instanceof MessagingException own) {
            return own;
        }
        return new BackendUnavailableException(ErrorCode.CREATE_CONSUMER, attempt + " failed: " + cause, cause);
    }
}
