package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;

/** What is left of the time of one call that asks many questions: none begins that could not come to its end within it. */
final class TimeLeft implements Supplier<Duration> {
    private final ClientRuntime runtime;
    private final long until;

    /** From now on. */
    TimeLeft(ClientRuntime runtime, Duration limit) {
        this.runtime = runtime;
        this.until = runtime.nanoTime() + Nanos.of(limit);
    }

    /**
     * How long the next question may take.
     *
     * @throws TimeoutException when nothing is left
     */
    @Override
    public Duration get() {
        Duration left = Duration.ofNanos(until - runtime.nanoTime());
        if (left.isNegative() || left.isZero()) {
            throw new TimeoutException("the time was over before all was asked");
        }
        return left.compareTo(DriverCalls.QUESTION) < 0 ? left : DriverCalls.QUESTION;
    }

    /** Whether no more than a pause is left. */
    boolean isOver(Duration pause) {
        return until - runtime.nanoTime() <= pause.toNanos();
    }
}
