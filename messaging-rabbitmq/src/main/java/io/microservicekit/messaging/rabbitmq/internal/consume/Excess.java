package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where only the channel's end may stop a consumer, credit that was given for what was held can be taken back with the channel alone, and with it goes what
 * handlers have not finished. So it is given back once the credit was too much for a while and no message is between its attempts, which would begin anew; but
 * at the latest after as long as a message may be held, when that would happen all the same. Confined to the loop of the connection.
 */
final class Excess {
    private static final Duration WHILE = Duration.ofSeconds(30);

    private final Loop loop;
    private final Window window;
    private final Duration most;
    private final Runnable giveBack;
    private Loop.@Nullable Timer timer;

    /**
     * There is none.
     *
     * @param most how long a message may be held
     * @param giveBack gives back the channel
     */
    Excess(Loop loop, Window window, Duration most, Runnable giveBack) {
        this.loop = loop;
        this.window = window;
        this.most = most;
        this.giveBack = giveBack;
    }

    /** Whether there is too much at present. */
    void say(boolean exceeded) {
        if (!exceeded) {
            end();
        } else if (timer == null) {
            lookAgain(Duration.ZERO);
        }
    }

    private void lookAgain(Duration lasted) {
        Duration next = lasted.plus(WHILE);
        timer = loop.housekeeping(WHILE, () -> lasted(next));
    }

    private void lasted(Duration time) {
        if (window.retried() == 0 || time.compareTo(most) >= 0) {
            giveBack.run();
        } else {
            lookAgain(time);
        }
    }

    void end() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
