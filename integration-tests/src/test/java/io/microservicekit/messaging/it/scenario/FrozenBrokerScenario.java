package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.Within;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.Order;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client is closed while the broker's process stands still: connections stay open and nothing answers. */
public abstract class FrozenBrokerScenario {
    private static final String FROZEN = "broker-frozen";
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** Less than the drivers' own timeouts, by which all would end too. */
    private static final Duration SOON = Duration.ofSeconds(20);
    /** What a driver waits for each of its answers. */
    protected static final Duration DRIVERS_PATIENCE = Duration.ofSeconds(25);

    private static final int PARTITIONS = 3;

    private final int repeated;

    /** At most so many messages may come again, which were handled and not acknowledged. */
    protected FrozenBrokerScenario(int repeated) {
        this.repeated = repeated;
    }

    /** The broker, at each call the same. */
    protected abstract BackendUnderTest backend();

    /** Options of the client that is closed, with the driver's patience: one that cannot say goodbye is not to keep the next one from its messages for long. */
    protected abstract BackendOptions forgottenSoon(String group);

    /** Stops the broker's process. */
    protected abstract void freeze();

    /** Lets it run on. */
    protected abstract void thaw();

    @Fault({"F4", "F23", "F24"})
    @Test
    void withAHangingHandlerAndAPendingBackOffAShutdownKeepsItsDeadlineEverySendEndsAndTheNextClientMissesNothing(
            @TempDir Path dir) throws Exception {
        within(DEADLINE.plus(GRACE), watch -> {
            try (Run run = Run.in(Files.createTempDirectory(dir, "run"))) {
                Work work = Work.on(backend(), run, "frozen", PARTITIONS);
                try {
                    shutDown(work, watch);
                } finally {
                    thaw();
                }
                work.end(FROZEN);
                goOn(work);
                work.judge(Expectations.builder()
                        .order(Order.PARTITION)
                        .duplicatesPer(FROZEN, repeated)
                        .plans(FROZEN, 1, Bite.SEND_UNCONFIRMED)
                        .plans(FROZEN, 1, Bite.HANDLER_RUNNING)
                        .plans(FROZEN, 1, Bite.SEND_UNKNOWN));
                return run;
            }
        });
    }

    private void shutDown(Work work, Within.Watch watch) throws Exception {
        Gate gate = new Gate(message -> {});
        LedgeredHandler handler = work.handler("first", gate);
        MessagingClient client = MessagingClients.builder()
                .backend(forgottenSoon(work.group()))
                .clientId(work.run().name("client"))
                .build();
        AtomicInteger failures = retryForAnHour(work, client);
        client.consumer(work.group()).subscribe(work.topic(), handler).awaitReady(PATIENCE);
        LedgeredSender sender = new LedgeredSender(work.run(), client.producer(), work.topic());
        sender.during(1_000, 60, gate.openAfter(() -> {
            Work.awaitHandled(handler, 1_000);
            gate.close();
            await("a running handler").atMost(PATIENCE).until(() -> gate.held() > 0);
            await("a pending back-off").atMost(PATIENCE).until(() -> failures.get() == 1);
            freeze();
            sender.whenInFlight(() -> work.begin(FROZEN));
            ShutdownReport report = watch.time(() -> client.shutdown(DEADLINE));
            System.out.println("shutdown on " + backend() + ", frozen, took " + watch.elapsed() + ": " + report);
            assertThat(report.abandoned()).as("handlers at the deadline").isNotEmpty();
            assertThat(report.unconfirmedSends()).isPositive();
            assertThat(report.elapsed()).isGreaterThanOrEqualTo(DEADLINE);
            await("the end of each send").atMost(SOON).until(() -> sender.inFlight() == 0);
        }));
        assertThat(failures).as("attempts of what was to be retried").hasValue(1);
        awaitNoThreadOf(work.run());
    }

    /** A message of another topic that fails and waits for its next attempt. */
    private AtomicInteger retryForAnHour(Work work, MessagingClient client) {
        AtomicInteger failures = new AtomicInteger();
        String topic = work.run().name("retried");
        backend().createTopic(topic, 1);
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(3, Duration.ofHours(1)))
                .build();
        client.consumer(topic, options)
                .subscribe(topic, message -> {
                    failures.incrementAndGet();
                    throw new IllegalStateException("no stock");
                })
                .awaitReady(PATIENCE);
        try (MessageProducer producer = client.producer()) {
            producer.send(Message.builder(topic).valueText("retried").build());
        }
        return failures;
    }

    /** Those of the library carry the client's id, those of a driver the client's or the group's. */
    private static void awaitNoThreadOf(Run run) {
        await("the end of all threads")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.contains(run.id())));
    }

    private void goOn(Work work) {
        try (MessagingClient client =
                MessagingClients.builder().backend(backend().options()).build()) {
            client.consumer(work.group())
                    .subscribe(work.topic(), work.handler("next", message -> {}))
                    .awaitReady(PATIENCE);
            work.awaitDrained();
        }
    }
}
