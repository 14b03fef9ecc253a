package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueSimTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final Duration HOLD_LIMIT = Duration.ofSeconds(270);

    private final SimWorld world =
            SimWorld.of(MemoryBroker.builder().queueFlavour().prefetch(10).consumerTimeout(TIMEOUT));
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void end() {
        world.close();
    }

    private void consume(ConsumerOptions options, int failures) {
        world.subscribe("a", options, message -> {
            if ("bad".equals(message.valueText()) && message.attempt() <= failures) {
                throw new IllegalStateException("no stock");
            }
            done.add(String.valueOf(message.valueText()));
        });
    }

    private static ConsumerOptions retry(int times, Duration delay) {
        return ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(times, delay))
                .build();
    }

    @Test
    void aRetryOnAQueueHoldsTheMessageInsteadOfReturningItAndKeepsTheOrder() {
        consume(retry(3, Duration.ofSeconds(1)), 2);
        world.send("first", "bad", "third");
        world.seconds(3);

        assertThat(done).containsExactly("first", "bad", "third");
        assertThat(world.attemptsOf("bad")).containsExactly(1, 2, 3);
        assertThat(world.broker.redelivered(SimWorld.GROUP)).isZero();
        assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
    }

    @Test
    void aHeldMessageFreesItsRoomInThePrefetchWindow() {
        consume(retry(1, Duration.ofMinutes(1)), 1);
        world.send("bad", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11");

        assertThat(world.broker.unacknowledged(SimWorld.GROUP)).isEqualTo(11);

        world.seconds(60);
        assertThat(done).hasSize(12);
        assertThat(world.broker).keepsTheProtocol();
    }

    @Test
    void aMessageHeldForTheHoldLimitIsRecycledInOrderAndItsAttemptsStartAnew() {
        consume(retry(1, Duration.ofHours(1)), 1);
        world.send("bad", "behind");
        world.sim.advance(HOLD_LIMIT);

        assertThat(world.log.containing("Giving ")).hasSize(1);
        assertThat(world.attemptsOf("bad")).containsExactly(1, 1);
        assertThat(world.broker.redelivered(SimWorld.GROUP)).isEqualTo(2);
        assertThat(done).isEmpty();
        assertThat(world.broker).nothingLost();
    }

    @Test
    void retriesThatTheHoldLimitDoesNotLetComeToTheirEndAreWarnedOf() {
        consume(retry(1, HOLD_LIMIT), 1);

        assertThat(world.log.containing("The waits of its retries"))
                .singleElement()
                .asString()
                .contains(HOLD_LIMIT.toString());
    }

    @Test
    void retriesBelowTheHoldLimitAreNot() {
        consume(retry(1, HOLD_LIMIT.minusMillis(1)), 1);

        assertThat(world.log.containing("The waits of its retries")).isEmpty();
    }

    @Test
    void noRetryEverLetsTheConsumerTimeoutCloseTheChannel() {
        consume(retry(1, Duration.ofHours(1)), 1);
        world.send("bad");
        world.sim.advance(Duration.ofHours(2));

        assertThat(world.sim.eventLog()).noneMatch(line -> line.contains(" lost ["));
        assertThat(world.attemptsOf("bad")).allMatch(attempt -> attempt == 1);
        assertThat(world.broker).nothingLost();
    }

    @Test
    void aDeadLetterQueueThatIsAbsentForTwoHoursLosesNothing() {
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build();
        consume(options, Integer.MAX_VALUE);
        world.broker.refuse(SimWorld.DEAD);
        world.send("1", "bad", "2");
        world.sim.advance(Duration.ofHours(2));

        assertThat(done).containsExactly("1");
        assertThat(world.broker).topic(SimWorld.DEAD).isEmpty();
        assertThat(world.sim.eventLog()).noneMatch(line -> line.contains(" lost ["));

        world.broker.accept(SimWorld.DEAD);
        world.seconds(31);

        assertThat(done).containsExactly("1", "2");
        assertThat(world.broker).topic(SimWorld.DEAD).hasSize(1).hasDeadLetter("no stock");
        assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
    }

    @Test
    void aChannelThatIsLostInMidRunDeliversItsMessagesAgain() {
        world.subscribe("a", ConsumerOptions.defaults(), message -> world.work(Duration.ofSeconds(3)));
        world.send("order");
        world.broker.expireSession("a");
        world.seconds(6);

        assertThat(world.values()).containsExactly("order", "order");
        assertThat(world.events.dropped).hasSize(1);
        assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
    }
}
