package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.observe.RetryScheduled;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Loops that do not answer, on real threads: simulated ones refuse to block. */
class DeadLoopTest {
    private final MemoryBroker broker = MemoryBroker.create();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    private void block() {
        blocked.countDown();
        try {
            assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private MessagingClient client() {
        return MessagingClients.builder()
                .backend(broker.options())
                .observer(new MessagingObserver() {
                    @Override
                    public void retryScheduled(RetryScheduled event) {
                        block();
                    }
                })
                .build();
    }

    private static HealthReport untilUp(MessagingClient client) {
        HealthReport report = client.health();
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                report.status() != HealthStatus.UP && System.nanoTime() < end; ) {
            report = client.health();
        }
        return report;
    }

    @Test
    void aSubscriptionWhoseLoopDoesNotAnswerIsFoundWithinFiveSecondsAndFailsLiveness() throws InterruptedException {
        try (MessagingClient client = client()) {
            ConsumerOptions options = ConsumerOptions.builder()
                    .retry(RetryPolicy.exponential(1, Duration.ofMillis(1)))
                    .build();
            client.consumer("shop", options)
                    .subscribe("orders", message -> {
                        if (message.attempt() == 1) {
                            throw new IllegalStateException("once");
                        }
                    })
                    .awaitReady(Duration.ofSeconds(10));
            assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
            client.producer().send(Message.builder("orders").build());
            blocked.await();

            long begun = System.nanoTime();
            HealthReport report = client.health();
            while (report.status() == HealthStatus.UP) { // the answer of before holds for a second
                report = client.health();
            }
            Duration found = Duration.ofNanos(System.nanoTime() - begun);

            assertThat(report.liveness().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(report.subscriptions().get(0).state()).isEqualTo(SubscriptionState.UNRESPONSIVE);
            assertThat(report.liveness().reasons())
                    .containsExactly("Group 'shop' is UNRESPONSIVE: its event loop has not answered for PT4S");
            assertThat(found)
                    .as(
                            "that it is five seconds is shown by ClosingBudgetTest; twice the patience would be more than this")
                    .isLessThan(Duration.ofSeconds(8));

            begun = System.nanoTime();
            assertThat(client.health().liveness().passes()).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(4)); // not waited again

            release.countDown();
            assertThat(untilUp(client).status()).isEqualTo(HealthStatus.UP);
        }
    }

    @Test
    void aBlockedControlLoopFailsLiveness() throws InterruptedException {
        try (MessagingClient client = client()) {
            broker.disconnect(); // what is ready before it is asked for runs the continuation here, not on the
            // control loop
            var unused = client.consumer("shop")
                    .subscribe("orders", message -> {})
                    .ready()
                    .whenComplete((done, error) -> block());
            broker.reconnect();
            blocked.await();

            HealthReport report = client.health();

            assertThat(report.liveness().reasons())
                    .singleElement()
                    .asString()
                    .startsWith("The control loop of the client does not answer");
            release.countDown();
            assertThat(untilUp(client).status()).isEqualTo(HealthStatus.UP);
        }
    }
}
