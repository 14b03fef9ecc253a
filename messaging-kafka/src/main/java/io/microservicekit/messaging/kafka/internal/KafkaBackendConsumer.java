package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The engine's commands, handed to the poll thread. Called on the event loop of the subscription. */
final class KafkaBackendConsumer implements BackendConsumer {
    private final KafkaConsumerLoop loop;
    private final long threshold;
    private final Runnable starting;
    private final Map<TopicPartition, Long> wokenAt = new LinkedHashMap<>();

    KafkaBackendConsumer(KafkaConsumerLoop loop, long threshold, Runnable starting) {
        this.loop = loop;
        this.threshold = threshold;
        this.starting = starting;
    }

    /** Starts the poll thread; where that is not possible any more, the driver is closed. Once, unless it is discarded. */
    void start() {
        try {
            starting.run();
        } catch (RuntimeException | Error e) {
            discard();
            throw e;
        }
    }

    /** Ends what was not started. */
    void discard() {
        loop.discard();
    }

    /** The tags beyond are ignored: Kafka commits a position. */
    @Override
    public void acknowledge(Assignment assignment, long upTo, long[] alsoThese) {
        loop.acknowledge(assignment, upTo);
        if (enoughToWake(assignment, upTo)) {
            loop.wakeup();
        }
    }

    /** The poll ends by itself soon; it is disturbed only for as many as are worth a commit. */
    private boolean enoughToWake(Assignment assignment, long upTo) {
        TopicPartition partition = new TopicPartition(assignment.topic(), assignment.partition());
        Long last = wokenAt.putIfAbsent(partition, upTo);
        if (last == null || upTo < last || upTo - last >= threshold) {
            wokenAt.put(partition, upTo);
            return last != null;
        }
        return false;
    }

    @Override
    public CompletableFuture<Void> flush(Assignment assignment) {
        CompletableFuture<Void> answer = loop.flush(assignment);
        loop.wakeup();
        return answer;
    }

    @Override
    public void pause(Set<Assignment> assignments) {
        loop.pause(new LinkedHashSet<>(assignments));
    }

    @Override
    public void resume(Set<Assignment> assignments) {
        loop.resume(new LinkedHashSet<>(assignments));
        loop.wakeup();
    }

    /** Kafka has no window of unacknowledged deliveries. */
    @Override
    public void hold(Assignment assignment, long tag) {}

    /** Kafka has no window of unacknowledged deliveries. */
    @Override
    public void release(Assignment assignment, long tag) {}

    /** Never asked for, since there is no hold limit. */
    @Override
    public void recycle(Assignment assignment, String reason) {}

    @Override
    public @Nullable String impediment() {
        return loop.impedimentSeen();
    }

    @Override
    public @Nullable String hang() {
        return loop.hangSeen();
    }

    @Override
    public @Nullable Duration holdLimit() {
        return null;
    }

    @Override
    public CompletableFuture<Long> close(Duration limit) {
        return loop.close(limit);
    }
}
