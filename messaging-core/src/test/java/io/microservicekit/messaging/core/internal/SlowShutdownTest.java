package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shutdown when handler, broker and adapter use all the time there is, and more: it returns, and its report is true. */
@Timeout(60)
class SlowShutdownTest {
    private final System.Logger logger = System.getLogger("SlowShutdownTest");
    private final ClientRuntime runtime = new SystemRuntime(null, logger).scope("slow");
    private final CountDownLatch handling = new CountDownLatch(1);

    private CoreClient client(SlowAdapter.Closing closing) {
        CoreClient client = OverAdapter.client(runtime, new SlowAdapter(runtime, closing), logger);
        var unused = subscribe(client);
        return client;
    }

    private Subscription subscribe(CoreClient client) {
        return client.consumer("group").subscribe("orders", message -> {
            handling.countDown();
            new CountDownLatch(1).await();
        });
    }

    private void sendTwo(CoreClient client) throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            CompletableFuture<?> unused =
                    client.producer().sendAsync(Message.builder("orders").build());
        }
        assertThat(handling.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theReportNamesTheStuckHandlerAndThePendingSendsWhateverTheAdapterDoes(SlowAdapter.Closing closing)
            throws Exception {
        CoreClient client = client(closing);
        sendTwo(client);
        ShutdownReport report = client.shutdown(Duration.ofMillis(100));
        assertThat(report.abandoned()).hasSize(1);
        assertThat(report.unconfirmedSends()).isEqualTo(2);
        assertThat(report.clean()).isFalse();
        assertThat(client.shutdown(Duration.ZERO)).isEqualTo(report);
        client.close();
    }

    @Test
    void theReportTellsHowLongItTookAlsoWhenTheLoopThatTellsTheEndIsHeldUp() throws Exception {
        CoreClient client = OverAdapter.client(runtime, new SlowAdapter(runtime, SlowAdapter.Closing.NEVER), logger);
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<?> unused = subscribe(client).ready().thenRun(() -> {
            held.countDown();
            parkUntilInterrupted();
        });
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(client.shutdown(Duration.ofMillis(100)).elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    private static void parkUntilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anInterruptedCloseShortensTheFlushThatIsUnderWay() throws Exception {
        CoreClient client = client(SlowAdapter.Closing.AT_THE_LIMIT);
        sendTwo(client);
        CompletableFuture<ShutdownReport> told = new CompletableFuture<>();
        Thread closing = new Thread(() -> told.complete(client.shutdown(Duration.ofHours(1))));
        closing.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        closing.interrupt();
        assertThat(told.get(20, TimeUnit.SECONDS).unconfirmedSends()).isEqualTo(2);
        client.close();
    }

    @Test
    void aDeadlineBelowZeroOrBeyondAllTimeIsTakenAsNoneOrAsNever() throws Exception {
        CoreClient client = client(SlowAdapter.Closing.AT_THE_LIMIT);
        sendTwo(client);
        CompletableFuture<ShutdownReport> told = new CompletableFuture<>();
        new Thread(() -> told.complete(client.shutdown(Duration.ofSeconds(Long.MAX_VALUE)))).start();
        assertThat(client.shutdown(Duration.ofSeconds(-1)).abandoned()).hasSize(1);
        assertThat(told.get(20, TimeUnit.SECONDS).abandoned()).hasSize(1);
    }
}
