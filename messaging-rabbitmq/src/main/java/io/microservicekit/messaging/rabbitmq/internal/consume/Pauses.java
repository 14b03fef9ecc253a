package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.rabbitmq.internal.consume.Attempt.Phase;
import java.time.Duration;
import java.util.Set;

/** Stops and resumes the intake of a consumer, and gives back what a pause leaves unacknowledged once it has lasted. Confined to the loop of the connection. */
final class Pauses {
    /** How soon the engine says of a new assignment that it is paused. */
    private static final Duration KNOWN = Duration.ofSeconds(1);

    private final ConsumerParts parts;
    private final Subscriber subscriber;
    private final Patience patience;

    Pauses(ConsumerParts parts, Subscriber subscriber) {
        this.parts = parts;
        this.subscriber = subscriber;
        this.patience = new Patience(parts.options().holdLimit().dividedBy(2));
    }

    void pause(Set<Assignment> assignments) {
        Attempt attempt = subscriber.holding(assignments);
        if (attempt == null) {
            return;
        }
        attempt.session().pause();
        if (attempt.phase() == Phase.WAITING) {
            attempt.timer(null);
            patience.confirmed();
            parts.connection().answered(subscriber);
        } else if (!parts.options().autoAck()) {
            attempt.timer(parts.loop().housekeeping(patience.now(), () -> lasted(attempt)));
        }
    }

    private void lasted(Attempt attempt) {
        if (!subscriber.isCurrent(attempt) || attempt.phase() != Phase.CONSUMING || !attempt.isPaused()) {
            return;
        }
        if (attempt.session().isUnfinished() || attempt.session().keepsConsuming()) {
            subscriber.giveBack(attempt, Subscriber.Next.WHEN_NOT_PAUSED);
        } else {
            attempt.session().stopConsuming();
        }
    }

    void resume(Set<Assignment> assignments) {
        Attempt attempt = subscriber.holding(assignments);
        if (attempt == null) {
            return;
        }
        boolean waiting = attempt.phase() == Phase.WAITING;
        attempt.timer(null);
        attempt.session().resume(!waiting);
        if (waiting) {
            attempt.consume();
        }
    }

    /** Assigns what was paused before, and consumes only when it is not paused again at once. */
    void waitFor(Attempt attempt) {
        attempt.enter(Phase.WAITING);
        attempt.timer(parts.loop().schedule(KNOWN, () -> notPaused(attempt)));
        attempt.session().announce();
    }

    private void notPaused(Attempt attempt) {
        if (subscriber.isCurrent(attempt) && attempt.phase() == Phase.WAITING) {
            patience.disappointed();
            attempt.consume();
        }
    }
}
