package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that hangs when its client shuts down: nothing that somebody waits for stays open, and the driver is closed all the same. */
@Timeout(60)
class ForcedEndTest {
    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final Message ORDER = Message.builder("orders").build();

    private final System.Logger logger = System.getLogger("ForcedEndTest");
    private final ClientRuntime runtime = new SystemRuntime(null, logger).scope("forced");
    private final ScriptedAdapter adapter = new ScriptedAdapter();
    private final CompletableFuture<BackendListener> listening = new CompletableFuture<>();
    private final CompletableFuture<SendResult> pending = new CompletableFuture<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CoreClient client = OverAdapter.client(runtime, adapter, logger);
    private final Loop network = runtime.loop("network");

    ForcedEndTest() {
        adapter.consuming = listener -> {
            listening.complete(listener);
            return new IdleConsumer(limit -> CompletableFuture.completedFuture(null));
        };
        adapter.sending = (message, limit) -> pending;
        adapter.closingProducer = limit -> onTheNetwork();
    }

    @AfterEach
    void end() {
        runtime.close();
    }

    /** As a driver's: what is pending ends when it is closed, on a thread that ends with the client. */
    private CompletableFuture<Long> onTheNetwork() {
        CompletableFuture<Long> closed = new CompletableFuture<>();
        network.execute(() -> {
            boolean first = pending.completeExceptionally(new IllegalStateException("closed"));
            closed.complete(first ? 1L : 0L);
        });
        return closed;
    }

    private void hang() {
        held.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Subscription withItsControlLoopHeldUp() throws Exception {
        Subscription subscription = client.consumer("group").subscribe("orders", message -> {});
        CompletableFuture<?> unused = subscription.ready().thenRun(this::hang);
        listening.get(20, TimeUnit.SECONDS).ready();
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
        return subscription;
    }

    private ShutdownReport shutdown() {
        long begin = System.nanoTime();
        ShutdownReport report = client.shutdown(DEADLINE);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("what hangs here hangs for ever; that it is one second is shown by ClosingBudgetTest")
                .isLessThan(DEADLINE.plusSeconds(10));
        return report;
    }

    @Test
    void whileTheControlLoopHangsEachSendEndsAndTheDriverIsClosed() throws Exception {
        var unused = withItsControlLoopHeldUp();
        CompletableFuture<SendResult> sent = client.producer().sendAsync(ORDER);

        ShutdownReport report = shutdown();

        assertThat(sent).isCompletedExceptionally();
        assertThat(report.unconfirmedSends()).isEqualTo(1);
        assertThat(adapter.closed).as("the connection").isTrue();
    }

    @Test
    void whileTheControlLoopHangsWhoeverWaitsForTheCompletionLearnsOfIt() throws Exception {
        Subscription subscription = withItsControlLoopHeldUp();
        CompletableFuture<String> told = subscription
                .completion()
                .handle((done, error) -> Thread.currentThread().getName());

        shutdown();

        assertThat(subscription.completion().get(20, TimeUnit.SECONDS)).isNull();
        assertThat(told.get(20, TimeUnit.SECONDS))
                .as("a continuation that hangs must not hang the shutdown")
                .isNotEqualTo(Thread.currentThread().getName());
    }

    @Test
    void aReportOfASubscriptionThatEndedInOrderIsNotLostWithTheControlLoop() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        Subscription subscription = client.consumer("group").subscribe("orders", message -> {
            handling.countDown();
            new CountDownLatch(1).await();
        });
        CompletableFuture<?> unused = subscription.ready().thenRun(this::hang);
        deliver(listening.get(20, TimeUnit.SECONDS));
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(handling.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(shutdown().abandoned()).hasSize(1);
    }

    private static void deliver(BackendListener listener) {
        Assignment assignment = new Assignment("orders", 0, 1);
        listener.ready();
        listener.assigned(Collections.singleton(assignment));
        listener.delivered(assignment, List.of(ReceivedMessage.of(ORDER, MessagePosition.of("orders", 0, 0), "group")));
    }

    @Test
    void aSubscriptionWhoseLoopHangsIsGivenUpSoThatProducersAndConnectionAreClosedInTime() throws Exception {
        List<Duration> closings = new ArrayList<>();
        adapter.consuming = listener -> new IdleConsumer(limit -> {
            closings.add(limit);
            if (closings.size() == 1) {
                hang();
            }
            return CompletableFuture.completedFuture(null);
        });
        Subscription subscription = client.consumer("group").subscribe("orders", message -> {});
        CompletableFuture<SendResult> sent = client.producer().sendAsync(ORDER);

        ShutdownReport report = shutdown();

        assertThat(sent).isCompletedExceptionally();
        assertThat(report.unconfirmedSends()).isEqualTo(1);
        assertThat(report.unanswered()).isEqualTo(1);
        assertThat(report.clean()).isFalse();
        assertThat(adapter.closed).as("the connection").isTrue();
        assertThat(closings).as("the adapter's consumer is told once more").hasSize(2);
        assertThat(codeOf(subscription.ready())).isEqualTo(ErrorCode.CONSUMER_CLOSED);
        assertThat(codeOf(subscription.completion())).isEqualTo(ErrorCode.CONSUMER_CLOSED);
    }

    private static ErrorCode codeOf(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("ended normally: " + future.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return ((MessagingException) e.getCause()).code();
        }
    }

    @Test
    void aDeadLetterWithoutAnOutcomeCountsAsUnconfirmedWhenTheEndIsForced() throws Exception {
        adapter.closingProducer = limit -> new CompletableFuture<>();
        CountDownLatch writing = new CountDownLatch(1);
        adapter.sending = (message, limit) -> {
            writing.countDown();
            return pending;
        };
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue("dead").build();
        var unused = client.consumer("group", options).subscribe("orders", message -> {
            throw new IllegalStateException("no stock");
        });
        deliver(listening.get(20, TimeUnit.SECONDS));
        assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(shutdown().unconfirmedSends()).isEqualTo(1);
    }
}
