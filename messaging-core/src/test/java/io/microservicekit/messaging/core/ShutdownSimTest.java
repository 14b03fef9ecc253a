package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShutdownSimTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimWorld world = SimWorld.topics(2);
    private final MessagingClient client = world.client("a");

    @AfterEach
    void end() {
        world.close();
    }

    private static ConsumerOptions retryAfter(Duration delay) {
        return ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(1, delay))
                .build();
    }

    private Duration timed(Runnable action) {
        Duration before = world.sim.elapsed();
        action.run();
        return world.sim.elapsed().minus(before);
    }

    @Test
    void aPendingBackOffOfAnHourEndsAtOnceAndItsMessageGoesBackUncounted() {
        world.subscribe(client, retryAfter(Duration.ofHours(1)), message -> {
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "bad", "behind");

        List<ShutdownReport> reports = new ArrayList<>();
        Duration took = timed(() -> reports.add(client.shutdown(Duration.ofMinutes(5))));

        assertThat(took).isLessThan(SECOND);
        assertThat(reports.get(0))
                .extracting(ShutdownReport::drained, ShutdownReport::returned)
                .containsExactly(0L, 2L);
        assertThat(reports.get(0).clean()).isTrue();
        world.subscribe("b", ConsumerOptions.defaults(), message -> {});
        world.sim.settle();
        assertThat(world.attemptsOf("bad")).containsExactly(1, 1);
        assertThat(world.committed(0)).isEqualTo(2);
    }

    @Test
    void closeToEndsABackOffOfAnHourAtOnce() {
        world.subscribe(client, retryAfter(Duration.ofHours(1)), message -> {
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "bad");

        assertThat(timed(client::close)).isLessThan(SECOND);
    }

    @Test
    void aRunningHandlerThatEndsWithinTheDeadlineIsAcknowledgedAndNoFurtherMessageStarts() {
        world.subscribe(client, ConsumerOptions.defaults(), message -> world.work(Duration.ofSeconds(3)));
        world.sendTo(0, "running", "behind");

        ShutdownReport report = client.shutdown(Duration.ofSeconds(10));

        assertThat(report.drained()).isEqualTo(1);
        assertThat(report.returned()).isEqualTo(1);
        assertThat(report.clean()).isTrue();
        assertThat(report.elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(world.values()).containsExactly("running");
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void aHandlerThatFailsWhileTheClientDrainsIsNeitherRetriedNorDeadLetteredButReturned() {
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build();
        world.subscribe(client, options, message -> {
            world.work(Duration.ofSeconds(3));
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "bad");

        ShutdownReport report = client.shutdown(Duration.ofSeconds(10));

        assertThat(report.returned()).isEqualTo(1);
        assertThat(world.broker).topic(SimWorld.DEAD).isEmpty();
        assertThat(world.committed(0)).isZero();
    }

    @Test
    void aHandlerThatRunsBeyondTheDeadlineIsAbandonedAndItsMessageRedelivered() {
        world.subscribe(client, ConsumerOptions.defaults(), message -> world.work(Duration.ofHours(1)));
        world.sendTo(0, "stuck", "behind");

        List<ShutdownReport> reports = new ArrayList<>();
        Duration took = timed(() -> reports.add(client.shutdown(Duration.ofSeconds(2))));

        assertThat(took).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertThat(reports.get(0).abandoned())
                .extracting(MessagePosition::offset)
                .containsExactly(0L);
        assertThat(reports.get(0).returned()).isEqualTo(1);
        assertThat(reports.get(0).clean()).isFalse();
        assertThat(world.committed(0)).isZero();
        world.subscribe("b", ConsumerOptions.defaults(), message -> {});
        world.sim.settle();
        assertThat(world.values()).containsExactly("stuck", "stuck", "behind");
        assertThat(world.broker).nothingLost();
    }

    @Test
    void aDeadLetterUnderWayIsConfirmedBeforeItsProducerCloses() {
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build();
        world.subscribe(client, options, message -> {
            throw new IllegalStateException("no stock");
        });
        world.broker.delayConfirms(SimWorld.DEAD, Duration.ofSeconds(3), 1);
        world.sendTo(0, "bad");

        ShutdownReport report = client.shutdown(Duration.ofSeconds(10));

        assertThat(world.broker.plannedFaults(SimWorld.DEAD)).isZero();
        assertThat(report.elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(report.drained()).isEqualTo(1);
        assertThat(report.clean()).isTrue();
        assertThat(world.committed(0)).isEqualTo(1);
        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(1);
    }

    @Test
    void aDeadLetterThatIsNotConfirmedInTimeLeavesItsMessageUnacknowledged() {
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build();
        world.subscribe(client, options, message -> {
            throw new IllegalStateException("no stock");
        });
        world.broker.delayConfirms(SimWorld.DEAD, Duration.ofSeconds(20), 1);
        world.sendTo(0, "bad");

        Duration took = timed(() -> client.shutdown(Duration.ofSeconds(2)));

        assertThat(took).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertThat(world.committed(0)).isZero();
    }

    @Test
    void aHandlerMaySendThroughItsClientWhileTheClientDrains() {
        var producer = client.producer();
        world.subscribe(client, ConsumerOptions.defaults(), message -> {
            world.work(SECOND);
            producer.send(Message.builder("audit").build());
        });
        world.sendTo(0, "order");

        ShutdownReport report = client.shutdown(Duration.ofSeconds(10));

        assertThat(report.drained()).isEqualTo(1);
        assertThat(world.broker).topic("audit").hasSize(1);
    }

    @Test
    void aSecondShutdownReturnsTheReportOfTheFirst() {
        world.subscribe(client, ConsumerOptions.defaults(), message -> world.work(SECOND));
        world.sendTo(0, "order");

        ShutdownReport first = client.shutdown(Duration.ofSeconds(10));
        List<ShutdownReport> second = new ArrayList<>();
        Duration took = timed(() -> second.add(client.shutdown(Duration.ofSeconds(10))));

        assertThat(second).containsExactly(first);
        assertThat(took).isZero();
        client.close();
    }

    @Test
    void aSecondShutdownWithASmallerDeadlineShortensTheFirst() {
        world.subscribe(client, ConsumerOptions.defaults(), message -> world.work(Duration.ofHours(1)));
        world.sendTo(0, "stuck");
        world.sim.loop("other thread").schedule(SECOND, () -> client.shutdown(Duration.ofSeconds(2)));

        Duration took = timed(client::close);

        assertThat(took).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
        assertThat(world.committed(0)).isZero();
    }

    @Test
    void aSecondShutdownWithALongerDeadlineDoesNotProlongTheFirst() {
        world.subscribe(client, ConsumerOptions.defaults(), message -> world.work(Duration.ofHours(1)));
        world.sendTo(0, "stuck");
        world.sim.loop("other thread").schedule(SECOND, client::close);

        Duration took = timed(() -> client.shutdown(Duration.ofSeconds(5)));

        assertThat(took).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(6));
    }

    @Test
    void aSubscriptionClosedInItsHandlerStopsAfterThatMessage() {
        List<Subscription> own = new ArrayList<>();
        own.add(world.subscribe(
                client, ConsumerOptions.defaults(), message -> own.get(0).close()));
        world.sendTo(0, "last", "behind");

        assertThat(own.get(0).completion()).isCompleted();
        assertThat(world.values()).containsExactly("last");
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void aClientClosedInAHandlerFinishesThatMessageAndStopsInOrder() {
        Subscription subscription = world.subscribe(client, ConsumerOptions.defaults(), message -> client.close());
        world.sendTo(0, "last", "behind");
        world.seconds(1);

        assertThat(subscription.completion()).isCompleted();
        assertThat(world.values()).containsExactly("last");
        assertThat(world.committed(0)).isEqualTo(1);
        world.subscribe("b", ConsumerOptions.defaults(), message -> {});
        world.sim.settle();
        assertThat(world.values()).containsExactly("last", "behind");
    }

    @Test
    void anInterruptedCloseAbandonsRunningHandlersAndKeepsTheFlag() {
        world.subscribe(client, ConsumerOptions.defaults(), message -> world.work(Duration.ofHours(1)));
        world.sendTo(0, "stuck");

        Thread.currentThread().interrupt();
        Duration took = timed(client::close);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(took).isLessThan(SECOND);
        assertThat(world.committed(0)).isZero();
    }

    @Test
    void aSubscriptionThatIsClosedCanBeReplaced() {
        var consumer = client.consumer(SimWorld.GROUP);
        consumer.subscribe(SimWorld.TOPIC, world.recorded(message -> {}))
                .awaitReady(SECOND)
                .close();
        world.sendTo(0, "between");
        consumer.subscribe(SimWorld.TOPIC, world.recorded(message -> {})).awaitReady(SECOND);
        world.sim.settle();

        assertThat(world.values()).containsExactly("between");
    }

    @Test
    void closingAConsumerEndsItsBackOffsAndFreesItsPartitions() {
        var consumer = client.consumer(SimWorld.GROUP, retryAfter(Duration.ofHours(1)));
        consumer.subscribe(SimWorld.TOPIC, world.recorded(message -> {
                    throw new IllegalStateException("no stock");
                }))
                .awaitReady(SECOND);
        world.sendTo(0, "bad");

        assertThat(timed(consumer::close)).isLessThan(SECOND);

        world.subscribe("b", ConsumerOptions.defaults(), message -> {});
        world.sim.settle();
        assertThat(world.attemptsOf("bad")).containsExactly(1, 1);
        assertThatThrownBy(() -> consumer.subscribe(SimWorld.TOPIC, message -> {}))
                .hasMessageContaining("closed");
    }

    @Test
    void aClosedClientHasNoTimerLeft() {
        world.subscribe(client, retryAfter(Duration.ofHours(1)), message -> {
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "bad");
        client.close();

        world.sim.drain(Duration.ZERO);
    }
}
