package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Ledger;
import io.microservicekit.messaging.it.accounting.TopicPartition;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads committed offsets from the broker each 100 ms and writes them into the ledger. */
public final class CommitSampler implements AutoCloseable {
    private final BackendUnderTest backend;
    private final Ledger ledger;
    private final String group;
    private final String topic;
    private final AtomicInteger samples = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    private CommitSampler(BackendUnderTest backend, Run run, String group, String topic) {
        this.backend = backend;
        this.ledger = run.ledger();
        this.group = group;
        this.topic = topic;
    }

    /** Begins to sample. */
    public static CommitSampler start(BackendUnderTest backend, Run run, String group, String topic) {
        CommitSampler sampler = new CommitSampler(backend, run, group, topic);
        var unused = sampler.timer.scheduleWithFixedDelay(sampler::sample, 0, 100, TimeUnit.MILLISECONDS);
        return sampler;
    }

    private void sample() {
        backend.committed(group, topic)
                .forEach((partition, offset) -> ledger.append(
                        new Event.Committed(group, new TopicPartition(topic, partition), offset)));
        samples.incrementAndGet();
    }

    /** Ends with a last sample; fails when it could not sample. */
    @Override
    public void close() {
        end(timer);
        sample();
        if (samples.get() < 2) {
            throw new AssertionError("did not test: no committed offset was read while the group consumed");
        }
    }

    private static void end(ExecutorService timer) {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new AssertionError("a sample of committed offsets took longer than 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
