package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random runs: whatever network, broker, operator and engine do, nothing is lost, nothing acknowledged that is unfinished in its epoch or that the
 * broker does not know, the window is kept, and each epoch is in order.
 */
class RandomConsumerSimTest {
    private static final int RUNS = 300;
    private static final int WINDOW = 6;
    private static final int MAX_HELD = 10;
    private static final int MESSAGES = 400;
    private static final List<RabbitMqTopology> TOPOLOGIES = List.of(RabbitMqTopology.values());

    @Test
    void nothingIsLostAndNothingIsAcknowledgedThatIsNotFinished() {
        Map<String, Integer> reached = new TreeMap<>();
        for (long seed = 1; seed <= RUNS; seed++) {
            run(seed).forEach((situation, times) -> reached.merge(situation, times, Integer::sum));
        }
        assertThat(reached)
                .containsKeys("assigned while paused", "finished too late", "flushed", "flush failed", "held", "lost")
                .containsKeys("paused", "recycled", "revoked", "consumed under another tag", "tag given up")
                .containsKeys("more than the window");
        assertThat(reached.values()).allMatch(times -> times >= 30);
    }

    private static Map<String, Integer> run(long seed) {
        Subscription subscription = new Subscription(SimulatedRuntime.seeded(seed));
        try (subscription) {
            SplittableRandom random = subscription.runtime.random("faults");
            ScriptedBroker broker = subscription.broker;
            boolean single = random.nextInt(4) == 0;
            RabbitMqTopology topology = TOPOLOGIES.get(random.nextInt(TOPOLOGIES.size()));
            subscription.options(options -> options.prefetchCount(WINDOW)
                    .maxHeld(MAX_HELD)
                    .singleActiveConsumer(single)
                    .topology(topology));
            RandomEngine engine = new RandomEngine(broker, WINDOW, topology == RabbitMqTopology.CREATE);
            RabbitMqConsumer consumer = subscription.another(engine);
            engine.consumer(consumer);
            disturb(subscription, engine, random);
            engine.holdPercent(0);
            engine.pause(false);
            finish(subscription, seed);
            shrink(subscription, engine, seed);
            verify(broker, engine, seed, single ? WINDOW : WINDOW + MAX_HELD);
            broker.asked.forEach(question -> count(question, engine.reached));
            return engine.reached;
        }
    }

    private static void count(String question, Map<String, Integer> reached) {
        if (question.equals("prefetch " + WINDOW / 2)) {
            reached.merge("consumed under another tag", 1, Integer::sum);
        } else if (question.equals("cancel")) {
            reached.merge("tag given up", 1, Integer::sum);
        }
    }

    private static void disturb(Subscription subscription, RandomEngine engine, SplittableRandom random) {
        int faults = random.nextInt(127);
        for (int round = 0; round < 25; round++) {
            subscription.broker.publish(MESSAGES / 25);
            subscription.advance(Duration.ofMillis(random.nextInt(1500)));
            int fault = random.nextInt(7);
            if ((faults & (1 << fault)) != 0) {
                disturb(fault, subscription, engine, random);
            }
        }
    }

    private static void disturb(int fault, Subscription subscription, RandomEngine engine, SplittableRandom random) {
        ScriptedBroker broker = subscription.broker;
        switch (fault) {
            case 0 -> broker.cut(Duration.ofMillis(random.nextInt(2000)));
            case 1 ->
                broker.closeChannels(406, "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out");
            case 2 -> broker.cancelConsumers();
            case 3 -> broker.refuse("consume", new Closure(Closure.Kind.BROKER, 541, "INTERNAL_ERROR", true, null));
            case 4 -> engine.recycle();
            case 5 -> engine.pause(random.nextBoolean());
            default -> flush(broker, engine, random.nextBoolean());
        }
    }

    private static void flush(ScriptedBroker broker, RandomEngine engine, boolean cut) {
        engine.flush();
        if (cut) {
            broker.cut(Duration.ofMillis(100));
        }
    }

    private static void finish(Subscription subscription, long seed) {
        ScriptedBroker broker = subscription.broker;
        for (int i = 0;
                i < 120 && (broker.ready() > 0 || broker.unacknowledged() > 0 || broker.consumers() == 0);
                i++) {
            subscription.advance(Duration.ofSeconds(1));
        }
        assertThat(broker.ready() + broker.unacknowledged())
                .as("messages left by seed %d", seed)
                .isZero();
    }

    /** Once nothing was held for a while, there is no more credit than the window. */
    private static void shrink(Subscription subscription, RandomEngine engine, long seed) {
        ScriptedBroker broker = subscription.broker;
        if (broker.credit() > WINDOW) {
            engine.reached.merge("more than the window", 1, Integer::sum);
        }
        subscription.advance(Duration.ofSeconds(50));
        assertThat(broker.credit()).as("credit at the end of seed %d", seed).isBetween(1, WINDOW);
    }

    private static void verify(ScriptedBroker broker, RandomEngine engine, long seed, int most) {
        assertThat(broker.violations).as("at the broker by seed %d", seed).isEmpty();
        assertThat(engine.violations).as("at the engine by seed %d", seed).isEmpty();
        assertThat(broker.acknowledged).as("acknowledged by seed %d", seed).hasSize((int) broker.accepted());
        assertThat(engine.handled).as("handled by seed %d", seed).hasSize((int) broker.accepted());
        assertThat(broker.most).as("unacknowledged at once by seed %d", seed).isLessThanOrEqualTo(most);
    }
}
