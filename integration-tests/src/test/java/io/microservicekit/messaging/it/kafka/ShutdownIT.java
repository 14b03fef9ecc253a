package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.it.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.History;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.accounting.Report;
import io.microservicekit.messaging.it.scenario.CommitSampler;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.it.scenario.LedgeredHandler;
import io.microservicekit.messaging.it.scenario.LedgeredSender;
import io.microservicekit.messaging.it.scenario.Run;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(KafkaServerExtension.class)
class ShutdownIT {
    private static final int PARTITIONS = 3;
    private static final int MESSAGES = 30_000;
    private static final long WORK_NANOS = 100_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final KafkaServer server;
    private final KafkaUnderTest backend;
    private final ExecutorService beside = Executors.newCachedThreadPool();

    ShutdownIT(KafkaServer server) {
        this.server = server;
        this.backend = new KafkaUnderTest(server);
    }

    @AfterEach
    void closeBackend() {
        beside.shutdownNow();
        backend.close();
    }

    @Test
    void aShutdownInTheMiddleOfLoadLosesNothingRepeatsNothingAndLeavesNoThread(@TempDir Path dir) throws Exception {
        Duration deadline = Duration.ofSeconds(5);
        within(deadline.plus(GRACE), watch -> {
            try (Run run = Run.in(Files.createTempDirectory(dir, "run"))) {
                Work work = new Work(run, run.name("load"), run.name("shut"));
                backend.createTopic(work.topic(), PARTITIONS);
                new CommitSampler(backend, run, work.group(), work.topic()).during(() -> {
                    ShutdownReport report = shutDownUnderLoad(work, watch, deadline);
                    System.out.println("shutdown under load took " + watch.elapsed() + ": " + report);
                    goOn(work, work.handler("next", message -> {}));
                });
                judge(work);
                return run;
            }
        });
    }

    /** What one run works on. */
    private record Work(Run run, String topic, String group) {
        LedgeredHandler handler(String member, MessageHandler work) {
            return new LedgeredHandler(run.ledger(), run.id(), member, work);
        }
    }

    private ShutdownReport shutDownUnderLoad(Work work, Within.Watch watch, Duration deadline) throws Exception {
        String clientId = work.run().name("client");
        LedgeredHandler handler = work.handler("first", message -> LockSupport.parkNanos(WORK_NANOS));
        MessagingClient client = MessagingClients.builder()
                .backend(backend.options())
                .clientId(clientId)
                .build();
        client.consumer(work.group()).subscribe(work.topic(), handler).awaitReady(PATIENCE);
        LedgeredSender sender = new LedgeredSender(work.run(), client.producer(), work.topic());
        Future<?> sending = beside.submit(() -> sender.sendAll(MESSAGES, 60));
        await("work under way").atMost(PATIENCE).until(() -> handler.handled() >= 2_000);
        ShutdownReport report = watch.time(() -> client.shutdown(deadline));
        int handled = handler.handled();
        assertThat(threadsOf(clientId, work.group())).isEmpty();
        sending.get();
        addsUp(work, report, handled);
        assertThat(handler.handled()).as("nothing starts after the shutdown").isEqualTo(handled);
        return report;
    }

    /** What was handled is committed, and nothing else; what was fetched and not handled was returned. */
    private void addsUp(Work work, ShutdownReport report, int handled) {
        assertThat(report.clean()).as("%s", report).isTrue();
        assertThat(report.returned()).as("did not test: nothing was waiting").isPositive();
        assertThat(report.drained()).isBetween(0L, (long) handled);
        long committed = sum(backend.committed(work.group(), work.topic()));
        assertThat(committed).as("committed at the end").isEqualTo(handled);
        assertThat(committed + report.returned()).isLessThanOrEqualTo(sum(backend.endOffsets(work.topic())));
    }

    private void goOn(Work work, MessageHandler handler) {
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            client.consumer(work.group()).subscribe(work.topic(), handler).awaitReady(PATIENCE);
            await("lag 0").atMost(PATIENCE).until(() -> backend.isDrained(work.group(), work.topic()));
        }
    }

    private void judge(Work work) {
        History history = work.run().history();
        System.out.println("shutdown under load: " + Report.of(history).line());
        work.run()
                .assertKeeps(
                        history,
                        Expectations.builder()
                                .order(Order.PARTITION)
                                .endsWith(backend.end(work.group(), work.topic()))
                                .build());
    }

    private static long sum(Map<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static List<String> threadsOf(String clientId, String group) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.contains(clientId) || name.contains(group))
                .toList();
    }

    @Test
    void atTheDeadlineAHandlerThatDoesNotReturnIsAbandonedAndItsMessageHandledByTheNextClient(@TempDir Path dir)
            throws Exception {
        Duration deadline = Duration.ofSeconds(1);
        within(deadline.plus(GRACE), watch -> {
            try (Run run = Run.in(Files.createTempDirectory(dir, "run"))) {
                stuck(new Work(run, run.name("stuck"), run.name("hangs")), watch, deadline);
                return run;
            }
        });
    }

    /** Each partition holds ten messages, and a handler runs for the first of each: two of them return, one does not. */
    private void stuck(Work work, Within.Watch watch, Duration deadline) throws Exception {
        backend.createTopic(work.topic(), PARTITIONS);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            RawKafka.fill(server.bootstrapServers(), new TopicPartition(work.topic(), partition), 10);
        }
        String clientId = work.run().name("client");
        Held held = new Held();
        MessagingClient client = MessagingClients.builder()
                .backend(backend.options())
                .clientId(clientId)
                .build();
        ConsumerOptions earliest =
                ConsumerOptions.builder().startPosition(StartPosition.EARLIEST).build();
        client.consumer(work.group(), earliest).subscribe(work.topic(), held);
        held.running.await();
        Future<?> release = beside.submit(() -> {
            await("the shutdown to begin").atMost(PATIENCE).until(() -> isClosed(client));
            held.quick.countDown();
        });
        ShutdownReport report = watch.time(() -> client.shutdown(deadline));
        System.out.println("shutdown with a stuck handler took " + watch.elapsed() + ": " + report);
        release.get();
        assertThat(report.abandoned()).singleElement().satisfies(position -> {
            assertThat(position.partition()).isEqualTo(Held.STUCK);
            assertThat(position.offset()).isZero();
        });
        assertThat(report.drained()).isEqualTo(2);
        assertThat(report.returned()).isEqualTo(3 * 10 - 3);
        assertThat(backend.committed(work.group(), work.topic()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(0, 1L, 1, 1L, 2, 0L));
        held.stuck.countDown();
        await("no thread of the client")
                .atMost(PATIENCE)
                .until(() -> threadsOf(clientId, work.group()).isEmpty());
        assertThat(backend.committed(work.group(), work.topic()))
                .as("what an abandoned handler returns counts for nothing")
                .containsEntry(Held.STUCK, 0L);
        List<MessagePosition> next = new CopyOnWriteArrayList<>();
        goOn(work, message -> next.add(message.position()));
        assertThat(next).hasSize(3 * 10 - 2);
        assertThat(next)
                .filteredOn(position -> position.partition() == Held.STUCK)
                .extracting(MessagePosition::offset)
                .startsWith(0L);
    }

    private static boolean isClosed(MessagingClient client) {
        try {
            client.consumer("probe");
            return false;
        } catch (ClosedException e) {
            return true;
        }
    }

    /** Holds the first message of each partition until it is let go. */
    private static final class Held implements MessageHandler {
        static final int STUCK = 2;

        final CountDownLatch running = new CountDownLatch(PARTITIONS);
        final CountDownLatch quick = new CountDownLatch(1);
        final CountDownLatch stuck = new CountDownLatch(1);

        @Override
        public void handle(ReceivedMessage message) throws InterruptedException {
            running.countDown();
            (message.position().partition() == STUCK ? stuck : quick).await();
        }
    }
}
