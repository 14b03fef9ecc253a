package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.observe.ResultDropped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RevocationSimTest {
    private static final ConsumerOptions RETRY = ConsumerOptions.builder()
            .retry(RetryPolicy.exponential(3, Duration.ofHours(1)))
            .build();

    private final SimWorld world = SimWorld.topics(1);
    private final List<String> by = new ArrayList<>();

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void aRevokeEndsABackOffUncountedAndTheOtherMemberBeginsWithAttemptOne() {
        world.subscribe("a", RETRY, message -> {
            by.add("a");
            throw new IllegalStateException("no stock");
        });
        world.sendTo(0, "order");
        world.subscribe("b", RETRY, message -> by.add("b"));

        world.broker.rebalance(SimWorld.GROUP);
        world.sim.settle();

        assertThat(by).containsExactly("a", "b");
        assertThat(world.attemptsOf("order")).containsExactly(1, 1);
        assertThat(world.committed(0)).isEqualTo(1);
        assertThat(world.sim.elapsed()).isLessThan(Duration.ofSeconds(1));
        world.sim.drain(Duration.ofSeconds(10)); // fails when the timer of an hour is still there
    }

    @Test
    void aHandlerThatRunsAtARevokeIsWaitedForAndItsMessageAcknowledgedBeforeThePartitionMoves() {
        world.subscribe("a", ConsumerOptions.defaults(), message -> {
            world.work(Duration.ofSeconds(3));
            by.add("a");
        });
        world.sendTo(0, "running", "next");
        world.subscribe("b", ConsumerOptions.defaults(), message -> by.add("b"));

        world.broker.rebalance(SimWorld.GROUP);
        world.seconds(10);

        assertThat(by).containsExactly("a", "b");
        assertThat(world.values()).containsExactly("running", "next");
        assertThat(world.broker.redelivered(SimWorld.GROUP)).isEqualTo(1);
        assertThat(world.committed(0)).isEqualTo(2);
        assertThat(world.broker).nothingLost();
    }

    @Test
    void aHandlerThatOutlivesTheRevokeIsNotAcknowledgedAndItsMessageIsDeliveredAgain() {
        world.subscribe("a", ConsumerOptions.defaults(), message -> world.work(Duration.ofSeconds(30)));
        world.sendTo(0, "slow");
        world.subscribe("b", ConsumerOptions.defaults(), message -> {});

        world.broker.rebalance(SimWorld.GROUP);
        world.seconds(4);
        assertThat(world.values()).containsExactly("slow");
        world.seconds(30);

        assertThat(world.values()).containsExactly("slow", "slow");
        assertThat(world.events.dropped).extracting(ResultDropped::messages).containsExactly(1);
        assertThat(world.committed(0)).isEqualTo(1);
        assertThat(world.broker).nothingLost();
    }

    @Test
    void aResultThatComesAfterTheSessionWasLostIsDroppedAndCounted() {
        world.subscribe("a", ConsumerOptions.defaults(), message -> world.work(Duration.ofSeconds(3)));
        world.sendTo(0, "order");

        world.broker.expireSession("a");
        world.seconds(3);

        assertThat(world.events.dropped).extracting(ResultDropped::messages).containsExactly(1);
        assertThat(world.committed(0)).isZero();
        world.seconds(3);
        assertThat(world.values()).containsExactly("order", "order");
        assertThat(world.committed(0)).isEqualTo(1);
        assertThat(world.broker).nothingLost();
    }

    @Test
    void aSecondAttemptNeverRunsBesideARunningOne() {
        world.subscribe("a", ConsumerOptions.defaults(), message -> {
            by.add("begin");
            world.work(Duration.ofSeconds(20));
            by.add("end");
        });
        world.sendTo(0, "order");

        world.broker.expireSession("a");
        world.seconds(15);
        assertThat(by).containsExactly("begin");
        world.seconds(30);

        assertThat(by).containsExactly("begin", "end", "begin", "end");
    }

    @Test
    void orderInsideALaneHoldsAcrossRetries() {
        try (SimWorld two = SimWorld.topics(2)) {
            ConsumerOptions options = ConsumerOptions.builder()
                    .retry(RetryPolicy.exponential(3, Duration.ofSeconds(1)))
                    .build();
            two.subscribe("a", options, message -> {
                if ("second".equals(message.valueText()) && message.attempt() < 4) {
                    throw new IllegalStateException("no stock");
                }
            });
            two.sendTo(0, "first", "second", "third");
            two.sendTo(1, "other");
            assertThat(two.values()).contains("first", "second", "other").doesNotContain("third");

            two.seconds(7);

            assertThat(two.attemptsOf("second")).containsExactly(1, 2, 3, 4);
            assertThat(two.attemptsOf("third")).containsExactly(1);
            assertThat(two.values()).endsWith("second", "third");
            assertThat(two.committed(0)).isEqualTo(3);
        }
    }

    @Test
    void aCrashedMembersMessagesAreHandledByAnother() {
        world.subscribe("a", ConsumerOptions.defaults(), message -> world.work(Duration.ofSeconds(3)));
        world.sendTo(0, "order", "next");
        world.sim.crash("a");
        world.subscribe("b", ConsumerOptions.defaults(), message -> by.add("b"));
        world.seconds(60);
        assertThat(by).isEmpty();

        world.broker.expireSession("a");
        world.sim.settle();

        assertThat(by).containsExactly("b", "b");
        assertThat(world.committed(0)).isEqualTo(2);
    }
}
