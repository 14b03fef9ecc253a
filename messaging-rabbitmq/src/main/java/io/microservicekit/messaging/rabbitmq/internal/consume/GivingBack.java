package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.rabbitmq.internal.consume.Attempt.Phase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Gives back what an attempt has, step by step: the engine lets go of it, the broker takes what is finished, the channel is closed. Confined to the loop
 * of the connection.
 */
final class GivingBack {
    private static final Duration DRAIN = Duration.ofSeconds(5);
    /** How long after the limit a revocation may still be answered: engine and adapter measure it from different events. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** How long the broker may take to answer before a channel is given up. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final ConsumerParts parts;
    private final Subscriber subscriber;

    GivingBack(ConsumerParts parts, Subscriber subscriber) {
        this.parts = parts;
        this.subscriber = subscriber;
    }

    /** Asks the engine to let go. */
    void begin(Attempt attempt) {
        attempt.enter(Phase.LEAVING);
        attempt.session().leave();
        attempt.timer(parts.loop().schedule(DRAIN.plus(GRACE), () -> letGo(attempt)));
        CompletableFuture<?> unused = parts.listener()
                .revoked(attempt.assignments(), DRAIN)
                .whenComplete((nothing, error) -> parts.loop().execute(() -> letGo(attempt)));
    }

    private void letGo(Attempt attempt) {
        if (subscriber.isCurrent(attempt) && attempt.phase() == Phase.LEAVING && !subscriber.isEnding()) {
            release(attempt, CLOSE_LIMIT);
        }
    }

    /** Waits until the broker has taken what is finished, then closes the channel. */
    void release(Attempt attempt, Duration limit) {
        attempt.enter(Phase.RELEASED);
        CompletableFuture<Void> taken = parts.future();
        CompletableFuture<?> unused = taken.whenComplete((nothing, error) -> shut(attempt));
        attempt.timer(parts.loop().schedule(limit, () -> shut(attempt)));
        attempt.session().flush(taken);
    }

    private void shut(Attempt attempt) {
        if (subscriber.isCurrent(attempt) && attempt.phase() == Phase.RELEASED) {
            attempt.enter(Phase.SHUT);
            attempt.end();
            CompletableFuture<?> unused =
                    attempt.close(CLOSE_LIMIT).whenComplete((nothing, error) -> subscriber.givenBack(attempt));
        }
    }
}
