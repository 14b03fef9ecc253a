package io.microservicekit.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same broker on real threads, several clients at once. */
final class MemoryThreadsTest {
    private static final int MESSAGES = 3_000;

    private final ThreadedRuntime runtime = new ThreadedRuntime();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        runtime.close();
    }

    @Test
    void partitionsOnRealThreadsLoseNothing() throws Exception {
        run(MemoryBroker.builder().partitions(3).build());
    }

    @Test
    void aQueueOnRealThreadsLosesNothing() throws Exception {
        run(MemoryBroker.builder().queueFlavour().prefetch(2_000).build());
    }

    private void run(MemoryBroker broker) throws Exception {
        for (int i = 0; i < 3; i++) {
            StormMember member = new StormMember(runtime, handled);
            member.start(client(broker, "member-" + i), spec());
            member.ready.get(10, TimeUnit.SECONDS);
        }
        BackendProducer producer = client(broker, "sender").producer(ProducerSpec.defaults(System.getLogger("test")));
        List<CompletableFuture<SendResult>> sends = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            sends.add(producer.send(Message.builder("orders").valueText("m" + i).build(), Duration.ofSeconds(30)));
            if (i % 1_000 == 500) {
                broker.expireSession("member-" + i / 1_000);
            }
        }
        CompletableFuture.allOf(sends.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
        awaitAcknowledged(broker);
        assertThat(runtime.failures).isEmpty();
        assertThat(List.copyOf(handled)).hasSizeGreaterThanOrEqualTo(MESSAGES);
        assertThat(new TreeSet<>(handled)).hasSize(MESSAGES);
        MessagingAssertions.assertThat(broker).nothingLost();
    }

    /** Waits on a future that never ends, so that a slow machine only makes it longer. */
    private static void awaitAcknowledged(MemoryBroker broker) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (broker.lag("group") > 0 && System.nanoTime() < deadline) {
            try {
                new CompletableFuture<Void>().get(10, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                assertThat(broker.violations()).isEmpty();
            }
        }
        MessagingAssertions.assertThat(broker).hasAcknowledgedAll("group");
    }

    private Backend client(MemoryBroker broker, String id) {
        System.Logger log = System.getLogger("test");
        return broker.open(new BackendContext(id, runtime, log, new MessagingObserver() {}, Duration.ofSeconds(10)));
    }

    private static ConsumerSpec spec() {
        return new ConsumerSpec(
                "group",
                List.of("orders"),
                StartPosition.NEWEST,
                OrderingMode.PARTITION,
                16,
                100_000,
                null,
                System.getLogger("test"));
    }
}
