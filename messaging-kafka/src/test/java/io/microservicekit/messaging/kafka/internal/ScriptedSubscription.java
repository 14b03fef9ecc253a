package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.PARTITION;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;

/** The poll loop on the test's thread over the driver's mock; each step of a test is one poll. The group begins at offset 5. */
abstract class ScriptedSubscription {
    static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(60);
    static final Duration LIMIT = Duration.ofSeconds(5);
    static final Duration REQUEST = Duration.ofSeconds(60);

    final ManualRuntime runtime = new ManualRuntime();
    final HeardByEngine heard = new HeardByEngine();
    final ScriptedTopics topics = new ScriptedTopics();
    final ScriptedConsumer consumer = new ScriptedConsumer(5);
    final KafkaConsumerLoop loop = new KafkaConsumerLoop(
            new Session(
                    new ConsumerSpec(
                            "group",
                            List.of("topic"),
                            StartPosition.NEWEST,
                            OrderingMode.PARTITION,
                            1,
                            100_000,
                            null,
                            heard),
                    heard,
                    new BackendContext("client", runtime, heard, heard, LIMIT),
                    new Session.Limits(Duration.ofSeconds(2), MAX_POLL_INTERVAL, REQUEST),
                    topics.source()),
            consumer,
            runtime.loop("control"),
            () -> true);

    /** What the close told. */
    CompletableFuture<Long> closed = new CompletableFuture<>();

    /** The steps, one poll each, and then a close. */
    void run(Runnable... steps) {
        Stream.of(steps).forEach(consumer::schedulePollTask);
        consumer.schedulePollTask(() -> {
            closed = loop.close(LIMIT);
        });
        loop.run();
        heard.failures().forEach(ScriptedSubscription::rethrowAssertion);
    }

    /** The loop ends a subscription for whatever a step throws, as for what the driver does. */
    private static void rethrowAssertion(Throwable failure) {
        if (failure.getCause() instanceof AssertionError assertion) {
            throw assertion;
        }
    }

    /** The same, after it has joined and got ten messages: offsets 5 to 14. */
    void runWithTen(Runnable... steps) {
        run(Stream.concat(Stream.of(this::join, () -> consumer.addRecords(5, 10)), Stream.of(steps))
                .toArray(Runnable[]::new));
    }

    /** A commit of the first five of them is made, and meets a failure. */
    void failToCommitFive(RuntimeException failure) {
        acknowledge(9);
        consumer.failCommit(failure);
        runtime.advance(Duration.ofSeconds(1));
    }

    void join() {
        consumer.rebalance(List.of(PARTITION));
    }

    void acknowledge(long upTo) {
        loop.acknowledge(heard.lastAssigned(), upTo);
    }

    static OffsetOutOfRangeException outOfRange(long wanted) {
        return new OffsetOutOfRangeException(Map.of(PARTITION, wanted));
    }
}
