package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Ledger;
import io.microservicekit.messaging.it.accounting.TopicPartition;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads committed offsets from the broker each 100 ms and writes them into the ledger. */
public final class CommitSampler {
    private final BackendUnderTest backend;
    private final Ledger ledger;
    private final String group;
    private final String topic;
    private final AtomicInteger samples = new AtomicInteger();

    public CommitSampler(BackendUnderTest backend, Run run, String group, String topic) {
        this.backend = backend;
        this.ledger = run.ledger();
        this.group = group;
        this.topic = topic;
    }

    /** What is done while it samples. */
    public interface Part {
        /** Does it. */
        void run() throws Exception;
    }

    /**
     * Samples while a part of a test runs, except when the broker does not answer, and once more at its end; fails when that could not be done. A queue
     * has nothing to sample.
     */
    public void during(Part part) throws Exception {
        if (!backend.hasPositions()) {
            part.run();
            return;
        }
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            Future<?> sampling = timer.scheduleWithFixedDelay(this::sampleIfPossible, 0, 100, TimeUnit.MILLISECONDS);
            part.run();
            assertThat(sampling.isDone()).as("the sampler gave up").isFalse();
        } finally {
            end(timer);
        }
        assertThat(sample()).as("did not test: committed offsets at the end").isNotEmpty();
        assertThat(samples).as("did not test: samples of committed offsets").hasValueGreaterThan(1);
    }

    private void sampleIfPossible() {
        try {
            var unused = sample();
        } catch (IllegalStateException e) {
            // The broker is away; the next sample sees what was committed meanwhile.
        }
    }

    private SortedMap<Integer, Long> sample() {
        SortedMap<Integer, Long> offsets = backend.sampled(group, topic);
        offsets.forEach((partition, offset) ->
                ledger.append(new Event.Committed(group, new TopicPartition(topic, partition), offset)));
        samples.incrementAndGet();
        return offsets;
    }

    private static void end(ExecutorService timer) throws InterruptedException {
        timer.shutdown();
        assertThat(timer.awaitTermination(30, TimeUnit.SECONDS))
                .as("a sample of committed offsets ended within 30 s")
                .isTrue();
    }
}
