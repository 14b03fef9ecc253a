package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a consumer tries again on a connection that lives. Confined to the loop of the connection. */
final class NextAttempt {
    private static final Duration NOT_BEGUN = Duration.ofSeconds(5);

    private final Loop loop;
    private final Runnable begin;
    private final Backoff backoff = new Backoff();
    private Loop.@Nullable Timer timer;

    /**
     * None is planned.
     *
     * @param begin run on the loop; does nothing when an attempt is under way or none is wanted
     */
    NextAttempt(Loop loop, Runnable begin) {
        this.loop = loop;
        this.begin = begin;
    }

    void later() {
        Duration delay = backoff.next();
        if (delay.isZero()) {
            begin.run();
        } else {
            timer = loop.schedule(delay, begin);
        }
    }

    /** Another one, unless it is cancelled, should the present one not even begin for want of a thread or memory: nobody else would ask for it. */
    Loop.Timer unlessBegun() {
        return loop.schedule(NOT_BEGUN, begin);
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** It has worked steadily. */
    void reset() {
        backoff.reset();
    }
}
