package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.HealthReport;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.observe.HandlerTimedOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HandlerTimeoutSimTest {
    private static ConsumerOptionsBuilder twoSeconds() {
        return ConsumerOptions.builder().handlerTimeout(Duration.ofSeconds(2));
    }

    @Test
    void aHandlerThatHangsIsReportedOnceAndDegradesUntilItReturns() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingMetrics metrics = new MessagingMetrics();
            MessagingClient client = world.builder("a").observer(metrics).build();
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe(client, twoSeconds().build(), message -> SimWorld.awaitGate(gate));
            world.sendTo(0, "1", "2");
            world.sim.advance(Duration.ofMillis(1_900));
            assertThat(world.events.timeouts).isEmpty();
            assertThat(client.health().status()).isEqualTo(HealthStatus.UP);

            world.sim.advance(Duration.ofMillis(200));
            assertThat(world.events.timeouts).hasSize(1);
            world.seconds(60);

            assertThat(metrics.snapshot().handlerTimeouts()).isEqualTo(1);
            HandlerTimedOut event = world.events.timeouts.get(0);
            assertThat(world.events.timeouts).hasSize(1);
            assertThat(event.message().valueText()).isEqualTo("1");
            assertThat(event.elapsed()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(2_100));
            assertThat(event.interrupted()).isFalse();
            HealthReport report = client.health();
            assertThat(report.status()).isEqualTo(HealthStatus.DEGRADED);
            assertThat(report.liveness().passes()).isTrue();
            assertThat(report.progress().reasons())
                    .singleElement()
                    .asString()
                    .contains("orders-0@0, attempt 1: its handler has been running for PT", "its timeout of PT2S");
            assertThat(world.values()).containsExactly("1"); // the lane stays occupied
            assertThat(world.committed(0)).isZero();

            gate.complete(null);
            world.seconds(1);
            assertThat(world.values()).containsExactly("1", "2");
            assertThat(world.committed(0)).isEqualTo(2); // its return counts
            assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
        }
    }

    @Test
    void eachCallIsReportedAlsoInTheMiddleOfARunAndOnEachAttempt() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            ConsumerOptions options = twoSeconds()
                    .retry(RetryPolicy.exponential(1, Duration.ofSeconds(1)))
                    .build();
            world.subscribe(client, options, message -> {
                boolean slow = "slow".equals(message.valueText());
                world.work(slow ? Duration.ofSeconds(3) : Duration.ofMillis(1_500));
                if (slow && message.attempt() == 1) {
                    throw new IllegalStateException("once");
                }
            });
            world.sendTo(0, "a", "b", "slow", "c", "slow");
            world.sim.drain(Duration.ofMinutes(1));

            assertThat(world.events.timeouts)
                    .extracting(event -> event.message().position().offset() + "/"
                            + event.message().attempt())
                    .containsExactly("2/1", "2/2", "4/1", "4/2");
            assertThat(world.committed(0)).isEqualTo(5);
        }
    }

    @Test
    void anInterruptThatEndsTheCallIsAFailedAttemptLikeAnyOther() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            ConsumerOptions options = twoSeconds()
                    .interruptOnTimeout(true)
                    .retry(RetryPolicy.exponential(3, Duration.ofSeconds(5)))
                    .build();
            world.subscribe(client, options, message -> {
                if (message.attempt() == 1) {
                    world.work(Duration.ofHours(1));
                }
            });
            world.send("1");
            world.sim.drain(Duration.ofMinutes(1));

            assertThat(world.events.timeouts).hasSize(1);
            assertThat(world.events.timeouts.get(0).interrupted()).isTrue();
            assertThat(world.events.retries).hasSize(1);
            assertThat(world.events.retries.get(0).cause()).isInstanceOf(InterruptedException.class);
            assertThat(world.attemptsOf("1")).containsExactly(1, 2);
            assertThat(world.secondsOf("1")).containsExactly(0L, 7L);
            assertThat(world.committed(0)).isEqualTo(1);
        }
    }

    @Test
    void anInterruptMeetsItsCallOnceAndNeverTheNextMessage() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            List<String> interrupted = new ArrayList<>();
            world.subscribe(client, twoSeconds().interruptOnTimeout(true).build(), message -> {
                boolean first = "1".equals(message.valueText());
                for (int i = 0; i < (first ? 5 : 1); i++) {
                    try {
                        world.work(Duration.ofMillis(1_900)); // the first takes five of these, whatever happens
                    } catch (InterruptedException e) {
                        interrupted.add(String.valueOf(message.valueText()));
                    }
                }
                if (first) {
                    Thread.currentThread().interrupt(); // and leaves its flag set
                }
            });
            world.sendTo(0, "0", "1", "2", "3"); // while the first is handled the others come, and make one run
            world.sim.drain(Duration.ofMinutes(1));

            assertThat(interrupted).containsExactly("1");
            assertThat(world.events.timeouts).hasSize(1);
            assertThat(world.values()).containsExactly("0", "1", "2", "3");
            assertThat(world.committed(0)).isEqualTo(4);
        }
    }

    @Test
    void aHandlerThatHangsAfterItsPartitionWasTakenAwayIsStillNamed() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe(client, twoSeconds().build(), message -> SimWorld.awaitGate(gate));
            world.send("1");
            world.broker.expireSession("a");
            world.seconds(5);

            HealthReport report = client.health();

            assertThat(report.progress().reasons())
                    .anySatisfy(reason -> assertThat(reason)
                            .contains("orders-0@0: its handler still runs though its partition was taken away"));
            gate.complete(null);
            world.seconds(2);
            assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
        }
    }

    @Test
    void withoutATimeoutNothingIsReported() {
        try (SimWorld world = SimWorld.topics(1)) {
            MessagingClient client = world.client("a");
            CompletableFuture<Void> gate = world.sim.future();
            world.subscribe(client, ConsumerOptions.defaults(), message -> SimWorld.awaitGate(gate));
            world.send("1");
            world.seconds(3_600);

            assertThat(world.events.timeouts).isEmpty();
            assertThat(client.health().status()).isEqualTo(HealthStatus.UP);
            gate.complete(null);
        }
    }
}
