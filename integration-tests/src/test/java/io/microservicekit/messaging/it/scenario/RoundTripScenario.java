package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.accounting.EndState;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.History;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.accounting.Report;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent is handled once, in order, and committed. */
public abstract class RoundTripScenario {
    private static final int MESSAGES = 100_000;
    private static final int PARTITIONS = 6;
    private static final int KEYS = 600;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final BackendUnderTest backend;

    protected RoundTripScenario(BackendUnderTest backend) {
        this.backend = backend;
    }

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    @Test
    protected void aHundredThousandMessagesAreHandledOnceInTheOrderOfTheirPartitionAndCommitted(@TempDir Path dir)
            throws Exception {
        assertHandledOnceInOrder(dir, MESSAGES);
    }

    /** Sends so many messages. */
    protected final void assertHandledOnceInOrder(Path dir, int messages) throws Exception {
        try (Run run = Run.in(dir)) {
            String topic = run.name("round-trip");
            String group = run.name("once");
            backend.createTopic(topic, PARTITIONS);
            new CommitSampler(backend, run, group, topic).during(() -> roundTrip(run, group, topic, messages));
            judge(run, group, topic, messages);
            if (backend.hasPositions()) {
                assertThat(backend.committed(group, topic)).hasSize(PARTITIONS).isEqualTo(backend.endOffsets(topic));
            }
        }
    }

    private void roundTrip(Run run, String group, String topic, int messages) {
        LedgeredHandler handler = new LedgeredHandler(run.ledger(), run.id(), "consumer", message -> {});
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            client.consumer(group).subscribe(topic, handler).awaitReady(PATIENCE);
            long begin = System.nanoTime();
            new LedgeredSender(run, client.producer(), topic).sendAll(messages, KEYS);
            print("confirmed", begin, messages);
            await("all messages handled, or nothing left to handle")
                    .atMost(PATIENCE)
                    .until(() -> handler.handled() >= messages || backend.isDrained(group, topic));
            print("handled", begin, messages);
        }
    }

    private void judge(Run run, String group, String topic, int messages) {
        History history = run.history();
        Report report = Report.of(history);
        System.out.println("round trip on " + backend + ": " + report.line());
        EndState end = backend.end(group, topic);
        for (Order order : new Order[] {Order.PARTITION, Order.KEY}) {
            run.assertKeeps(
                    history, Expectations.builder().order(order).endsWith(end).build());
        }
        assertThat(report.handledOnce()).isEqualTo(messages);
    }

    private void print(String what, long begin, int messages) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "round trip on %s: %d %s in %.2f s, %.0f messages/s%n",
                backend, messages, what, seconds, messages / seconds);
    }
}
