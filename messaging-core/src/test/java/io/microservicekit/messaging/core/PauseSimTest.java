package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PauseSimTest {
    private SimWorld world = SimWorld.topics(1);

    @AfterEach
    void end() {
        world.close();
    }

    private static ConsumerOptions retrying() {
        return ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(3, Duration.ofSeconds(1)))
                .build();
    }

    @Test
    void aPausedSubscriptionHandlesNothingUntilItIsResumedAndLosesNothing() {
        Subscription subscription = world.subscribe("a", ConsumerOptions.defaults(), message -> {});
        world.sendTo(0, "before");
        subscription.pause();
        assertThat(subscription.isPaused()).isTrue();
        world.sim.settle();
        world.sendTo(0, "one", "two");
        world.seconds(3_600);
        assertThat(world.values()).containsExactly("before");
        subscription.resume();
        assertThat(subscription.isPaused()).isFalse();
        world.sim.settle();
        assertThat(world.values()).containsExactly("before", "one", "two");
        assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
    }

    @Test
    void healthSaysThatASubscriptionIsPaused() {
        MessagingClient client = world.client("a");
        Subscription subscription = world.subscribe(client, ConsumerOptions.defaults(), message -> {});
        subscription.pause();
        world.seconds(2);
        assertThat(client.health().subscriptions().get(0).state()).isEqualTo(SubscriptionState.PAUSED);
    }

    @Test
    void aHandlerThatWasCalledRunsToItsEndAndIsAcknowledged() {
        Subscription subscription =
                world.subscribe("a", ConsumerOptions.defaults(), message -> world.work(Duration.ofSeconds(5)));
        world.sendTo(0, "one", "two");
        subscription.pause();
        world.seconds(60);
        assertThat(world.values()).containsExactly("one");
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void aRetryThatIsDueDuringThePauseIsMadeAfterIt() {
        Subscription subscription = world.subscribe("a", retrying(), message -> {
            if (message.attempt() < 3) {
                throw new IllegalStateException("no stock");
            }
        });
        world.sendTo(0, "one");
        subscription.pause();
        world.seconds(60);
        assertThat(world.attemptsOf("one")).containsExactly(1);
        subscription.resume();
        world.seconds(10);
        assertThat(world.secondsOf("one")).containsExactly(0L, 60L, 62L);
        assertThat(world.committed(0)).isEqualTo(1);
    }

    @Test
    void whatIsAssignedDuringThePauseIsPausedToo() {
        world.close();
        world = SimWorld.topics(2);
        Subscription first = world.subscribe("a", ConsumerOptions.defaults(), message -> {});
        Subscription second = world.subscribe("b", ConsumerOptions.defaults(), message -> {});
        world.seconds(10);
        first.pause();
        world.sim.settle();
        second.close(Duration.ofSeconds(1));
        world.seconds(10);
        world.sendTo(0, "zero");
        world.sendTo(1, "one");
        world.broker.rebalance(SimWorld.GROUP);
        world.seconds(60);
        assertThat(world.values()).isEmpty();
        first.resume();
        world.sim.settle();
        assertThat(world.values()).containsExactlyInAnyOrder("zero", "one");
        assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
    }

    @Test
    void aPausedSubscriptionClosesAndAnotherGoesOnWhereItStood() {
        Subscription subscription = world.subscribe("a", ConsumerOptions.defaults(), message -> {});
        world.sendTo(0, "one");
        subscription.pause();
        world.sim.settle();
        world.sendTo(0, "two");
        ShutdownReport report = subscription.close(Duration.ofSeconds(1));
        assertThat(report.clean()).isTrue();
        subscription.resume();
        world.subscribe("b", ConsumerOptions.defaults(), message -> {});
        world.sim.settle();
        assertThat(world.values()).containsExactly("one", "two");
    }

    @Test
    void aHandlerMayPauseItsOwnSubscription() {
        Subscription[] own = new Subscription[1];
        own[0] = world.subscribe("a", ConsumerOptions.defaults(), message -> {
            own[0].pause();
            world.work(Duration.ofSeconds(1));
        });
        world.sendTo(0, "one", "two");
        world.seconds(60);
        assertThat(world.values()).containsExactly("one");
    }

    @Test
    void onAQueueWhatIsHeldDuringALongPauseGoesBackAndComesAgain() {
        world.close();
        world = SimWorld.of(MemoryBroker.builder().queueFlavour().prefetch(10).consumerTimeout(Duration.ofMinutes(10)));
        Subscription subscription =
                world.subscribe("a", ConsumerOptions.defaults(), message -> world.work(Duration.ofSeconds(1)));
        world.send("one", "two", "three");
        subscription.pause();
        world.seconds(3_600);
        assertThat(world.values()).containsExactly("one");
        subscription.resume();
        world.seconds(10);
        assertThat(world.values()).containsExactly("one", "two", "three");
        assertThat(world.broker.violations()).isEmpty();
        assertThat(world.broker.losses()).isEmpty();
    }
}
