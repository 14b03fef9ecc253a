package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import io.microservicekit.messaging.core.MetricsSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What really happened, for the check of the story. The collections are filled by several threads. */
final class Facts {
    final Map<String, SendResult> sent = new ConcurrentHashMap<>();
    final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    final List<String> begun = new CopyOnWriteArrayList<>();
    final List<String> handled = new CopyOnWriteArrayList<>();
    final List<RetryScheduled> retries = new CopyOnWriteArrayList<>();
    final List<DeadLettered> deadLettered = new CopyOnWriteArrayList<>();
    final List<ReceivedMessage> deadLetters = new CopyOnWriteArrayList<>();
    final List<String> handledBySuccessor = new CopyOnWriteArrayList<>();
    final List<String> surprises = new CopyOnWriteArrayList<>();
    volatile @Nullable MetricsSnapshot metrics;
    volatile @Nullable ShutdownReport report;
    volatile List<String> survivors = List.of();
    /** How many the topic has; 1 on a broker without partitions, which knows no offsets either. */
    volatile int partitions = Script.PARTITIONS;

    /** One call of the handler, in nanoseconds of {@link System#nanoTime()}. */
    record Attempt(String order, int number, long begin, long end) {}

    /** The waits from the end of each attempt at an order to the begin of the next. */
    List<Duration> waits(Order order) {
        List<Duration> waits = new ArrayList<>();
        long lastEnd = 0;
        for (Attempt attempt : attempts) {
            if (!attempt.order().equals(order.id())) {
                continue;
            }
            if (attempt.number() > 1) {
                waits.add(Duration.ofNanos(attempt.begin() - lastEnd));
            }
            lastEnd = attempt.end();
        }
        return waits;
    }

    /** How many of the orders taken so far are finished, one way or the other. */
    int finished() {
        return handled.size() + deadLettered.size();
    }
}
