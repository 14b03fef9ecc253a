package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shutdown keeps its deadline, acknowledges what was handled, and returns the rest. */
public abstract class ShutdownScenario {
    private static final int PARTITIONS = 3;
    private static final int MESSAGES = 30_000;
    private static final Duration WORK = Duration.ofNanos(100_000);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final BackendUnderTest backend;
    private final ExecutorService beside = Executors.newCachedThreadPool();

    protected ShutdownScenario(BackendUnderTest backend) {
        this.backend = backend;
    }

    @AfterEach
    void closeBackend() {
        beside.shutdownNow();
        backend.close();
    }

    @Fault("F23")
    @Test
    void aShutdownInTheMiddleOfLoadLosesNothingRepeatsNothingAndLeavesNoThread(@TempDir Path dir) throws Exception {
        Duration deadline = Duration.ofSeconds(5);
        within(deadline.plus(GRACE), watch -> {
            try (Run run = Run.in(Files.createTempDirectory(dir, "run"))) {
                Work work = Work.on(backend, run, "load", PARTITIONS);
                work.sampled(() -> {
                    ShutdownReport report = shutDownUnderLoad(work, watch, deadline);
                    System.out.println("shutdown under load took " + watch.elapsed() + ": " + report);
                    goOn(work, work.handler("next", message -> {}));
                });
                work.judge(Expectations.builder().order(Order.PARTITION));
                return run;
            }
        });
    }

    private ShutdownReport shutDownUnderLoad(Work work, Within.Watch watch, Duration deadline) throws Exception {
        String clientId = work.run().name("client");
        LedgeredHandler handler = work.handler("first", HandlerWork.taking(WORK));
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
        addsUp(work, report, handled, sender.confirmed());
        assertThat(handler.handled()).as("nothing starts after the shutdown").isEqualTo(handled);
        return report;
    }

    /** What was handled is committed, and nothing else; what was fetched and not handled was returned. */
    private void addsUp(Work work, ShutdownReport report, int handled, long sent) {
        assertThat(report.clean()).as("%s", report).isTrue();
        assertThat(report.returned()).as("did not test: nothing was waiting").isPositive();
        assertThat(report.drained()).isBetween(0L, (long) handled);
        assertThat(backend.acknowledged(work.group(), work.topic(), sent))
                .as("committed at the end")
                .isEqualTo(handled);
        assertThat(report.returned()).isLessThanOrEqualTo(backend.unfinished(work.group(), work.topic()));
    }

    private void goOn(Work work, MessageHandler handler) {
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            client.consumer(work.group()).subscribe(work.topic(), handler).awaitReady(PATIENCE);
            work.awaitDrained();
        }
    }

    private static List<String> threadsOf(String clientId, String group) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.contains(clientId) || name.contains(group))
                .toList();
    }

    @Fault({"F8", "F23"})
    @Test
    void atTheDeadlineAHandlerThatDoesNotReturnIsAbandonedAndItsMessageHandledByTheNextClient(@TempDir Path dir)
            throws Exception {
        Duration deadline = Duration.ofSeconds(1);
        within(deadline.plus(GRACE), watch -> {
            try (Run run = Run.in(Files.createTempDirectory(dir, "run"))) {
                stuck(Work.on(backend, run, "stuck", PARTITIONS), watch, deadline);
                return run;
            }
        });
    }

    /** Each partition holds some messages, and a handler runs for the first of each: two of them return, one does not. */
    private void stuck(Work work, Within.Watch watch, Duration deadline) throws Exception {
        int lanes = backend.hasPositions() ? PARTITIONS : 1;
        int messages = fill(work);
        String clientId = work.run().name("client");
        Held held = new Held(lanes);
        MessagingClient client = MessagingClients.builder()
                .backend(backend.options())
                .clientId(clientId)
                .build();
        client.consumer(work.group(), backend.fromTheBeginning().build()).subscribe(work.topic(), held);
        held.running.await();
        Future<?> release = beside.submit(() -> {
            await("the shutdown to begin").atMost(PATIENCE).until(() -> isClosed(client));
            held.quick.countDown();
        });
        ShutdownReport report = watch.time(() -> client.shutdown(deadline));
        System.out.println("shutdown with a stuck handler took " + watch.elapsed() + ": " + report);
        release.get();
        assertThat(report.abandoned()).singleElement().satisfies(position -> {
            assertThat(held.isStuck(position)).isTrue();
            assertThat(position.offset()).isEqualTo(backend.hasPositions() ? 0 : -1);
        });
        assertThat(report.drained()).isEqualTo(lanes - 1);
        assertThat(report.returned()).isEqualTo(messages - lanes);
        isNotAcknowledged(work, messages, lanes);
        held.stuck.countDown();
        await("no thread of the client")
                .atMost(PATIENCE)
                .until(() -> threadsOf(clientId, work.group()).isEmpty());
        isNotAcknowledged(work, messages, lanes);
        List<ReceivedMessage> next = new CopyOnWriteArrayList<>();
        goOn(work, next::add);
        assertThat(next).hasSize(messages - (lanes - 1));
        assertThat(next)
                .filteredOn(message -> held.isStuck(message.position()))
                .first()
                .extracting(ReceivedMessage::keyText)
                .isEqualTo(held.stuckKey);
    }

    /** What an abandoned handler has or returns counts for nothing; the first of each other lane is acknowledged. */
    private void isNotAcknowledged(Work work, int messages, int lanes) {
        if (backend.hasPositions()) {
            assertThat(backend.committed(work.group(), work.topic()))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(0, 1L, 1, 1L, 2, 0L));
        }
        assertThat(backend.acknowledged(work.group(), work.topic(), messages)).isEqualTo(lanes - 1);
    }

    /** Sends until each partition holds three messages; tells how many there are. */
    private int fill(Work work) {
        backend.provision(work.group(), work.topic());
        int sent = 0;
        try (MessagingClient client = open();
                MessageProducer producer = client.producer()) {
            while (sent < 3 || lacksSome(work)) {
                producer.send(message(work.topic(), "key-" + sent++));
            }
        }
        return sent;
    }

    private boolean lacksSome(Work work) {
        return backend.hasPositions()
                && backend.endOffsets(work.topic()).values().stream().anyMatch(end -> end < 3);
    }

    private MessagingClient open() {
        return MessagingClients.builder().backend(backend.options()).build();
    }

    private static Message message(String topic, String key) {
        return Message.builder(topic).keyText(key).valueText("text").build();
    }

    @Fault("F24")
    @Test
    void aShutdownEndsABackOffOfAnHourAtOnceAndTheMessageIsDeliveredAgain(@TempDir Path dir) throws Exception {
        within(GRACE, watch -> {
            try (Run run = Run.in(Files.createTempDirectory(dir, "run"))) {
                backsOff(Work.on(backend, run, "hour", 1), watch);
                return run;
            }
        });
    }

    private void backsOff(Work work, Within.Watch watch) throws Exception {
        CountDownLatch pending = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        MessagingClient client = MessagingClients.builder()
                .backend(backend.options())
                .observer(new MessagingObserver() {
                    @Override
                    public void retryScheduled(RetryScheduled event) {
                        pending.countDown();
                    }
                })
                .build();
        ConsumerOptions hour = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(3, Duration.ofHours(1)))
                .build();
        client.consumer(work.group(), hour)
                .subscribe(work.topic(), message -> {
                    attempts.incrementAndGet();
                    throw new IllegalStateException("no stock");
                })
                .awaitReady(PATIENCE);
        client.producer().send(message(work.topic(), "key"));
        assertThat(pending.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("a pending back-off")
                .isTrue();
        ShutdownReport report = watch.time(() -> client.shutdown(Duration.ofMinutes(1)));
        assertThat(report.clean()).as("%s", report).isTrue();
        assertThat(report.returned()).isEqualTo(1);
        assertThat(attempts).as("attempts, none of them at the end").hasValue(1);
        List<Integer> again = new CopyOnWriteArrayList<>();
        goOn(work, message -> again.add(message.attempt()));
        assertThat(again).containsExactly(1);
    }

    @Fault("F23")
    @Test
    void aCloseWithoutADeadlineWaitsForTheRunningHandlerAndAcknowledgesIt(@TempDir Path dir) throws Exception {
        try (Run run = Run.in(dir)) {
            Work work = Work.on(backend, run, "waits", 1);
            Gate gate = new Gate(message -> {});
            gate.close();
            LedgeredHandler handler = work.handler("consumer", gate);
            MessagingClient client = open();
            client.consumer(work.group()).subscribe(work.topic(), handler).awaitReady(PATIENCE);
            new LedgeredSender(run, client.producer(), work.topic()).sendAll(3, 1);
            await("a running handler").atMost(PATIENCE).until(() -> gate.held() == 1);
            Future<?> closing = beside.submit(client::close);
            await("the close to begin").atMost(PATIENCE).until(() -> isClosed(client));
            await("it waits")
                    .during(Duration.ofSeconds(2))
                    .atMost(PATIENCE)
                    .failFast(closing::isDone)
                    .until(() -> true);
            gate.open();
            closing.get();
            assertThat(handler.handled()).as("nothing else was started").isEqualTo(1);
            assertThat(backend.acknowledged(work.group(), work.topic(), 3)).isEqualTo(1);
            goOn(work, work.handler("next", message -> {}));
            work.judge(Expectations.builder().order(Order.PARTITION));
        }
    }

    private static boolean isClosed(MessagingClient client) {
        try {
            client.consumer("probe");
            return false;
        } catch (ClosedException e) {
            return true;
        }
    }

    /** Holds the first message of each lane until it is let go. */
    private static final class Held implements MessageHandler {
        final CountDownLatch running;
        final CountDownLatch quick = new CountDownLatch(1);
        final CountDownLatch stuck = new CountDownLatch(1);
        private final int last;
        volatile @Nullable String stuckKey;

        Held(int lanes) {
            running = new CountDownLatch(lanes);
            last = lanes - 1;
        }

        /** Of the last lane; a queue is one, without a number. */
        boolean isStuck(MessagePosition position) {
            return Math.max(0, position.partition()) == last;
        }

        @Override
        public void handle(ReceivedMessage message) throws InterruptedException {
            boolean isStuck = isStuck(message.position());
            if (isStuck) {
                stuckKey = message.keyText();
            }
            running.countDown();
            (isStuck ? stuck : quick).await();
        }
    }
}
