package io.microservicekit.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Members come, go, crash, lose sessions and connections while messages flow: nothing may be lost, and the broker must find no fault. */
final class MemoryStormSimTest {
    private static final int SEEDS = 200;
    private static final int STEPS = 60;

    @Test
    void aStormOverPartitionsLosesNothing() {
        long redelivered = storms(MemoryBroker.builder().partitions(3));
        assertThat(redelivered).as("the storms bit").isGreaterThan(1_000);
    }

    @Test
    void aStormOverAQueueLosesNothing() {
        long redelivered = storms(MemoryBroker.builder().queueFlavour().consumerTimeout(Duration.ofMillis(1_900)));
        assertThat(redelivered).as("the storms bit").isGreaterThan(1_000);
    }

    @Test
    void equalSeedsHaveEqualHistories() {
        assertThat(new Storm(7, MemoryBroker.builder().partitions(3).build()).run())
                .isEqualTo(new Storm(7, MemoryBroker.builder().partitions(3).build()).run());
        assertThat(new Storm(7, MemoryBroker.queues()).run()).isEqualTo(new Storm(7, MemoryBroker.queues()).run());
    }

    private static long storms(MemoryBrokerBuilder options) {
        Long only = Long.getLong("seed");
        long redelivered = 0;
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            Storm storm = new Storm(seed, options.build());
            storm.run();
            redelivered += storm.broker.redelivered("group");
        }
        return redelivered;
    }

    private static final class Storm {
        private final long seed;
        private final MemoryBroker broker;
        private final SimulatedRuntime runtime;
        private final SplittableRandom random;
        private final List<String> handled = new ArrayList<>();
        private final List<CompletableFuture<SendResult>> sends = new ArrayList<>();
        private final StormMember[] members = new StormMember[3];
        private final BackendProducer producer;

        Storm(long seed, MemoryBroker broker) {
            this.seed = seed;
            this.broker = broker;
            this.runtime = SimulatedRuntime.seeded(seed);
            this.random = runtime.random("plan");
            this.producer =
                    client("sender", runtime.scope("sender")).producer(ProducerSpec.defaults(System.getLogger("test")));
        }

        String run() {
            try (runtime) {
                for (int i = 0; i < members.length; i++) {
                    start(i);
                }
                runtime.settle();
                for (int step = 0; step < STEPS; step++) {
                    step(random.nextInt(members.length));
                    runtime.advance(Duration.ofMillis(random.nextInt(700)));
                }
                broker.reconnect();
                runtime.drain(Duration.ofMinutes(2));
                check();
                return runtime.eventLogDigest();
            } catch (AssertionError | IllegalStateException e) {
                throw new AssertionError("replay with -Dseed=" + seed, e);
            }
        }

        private void step(int member) {
            switch (random.nextInt(9)) {
                case 0 -> broker.rebalance("group");
                case 1 -> broker.expireSession(id(member));
                case 2 -> members[member].recycleAll();
                case 3 -> crash(member);
                case 4 -> broker.disconnect();
                case 5 -> broker.reconnect();
                default -> send(random.nextInt(20));
            }
        }

        private void crash(int member) {
            runtime.crash(id(member));
            broker.expireSession(id(member));
            start(member);
        }

        private void start(int member) {
            ClientRuntime scope = runtime.scope(id(member));
            members[member] = new StormMember(scope, handled);
            members[member].start(client(id(member), scope), spec());
        }

        private static String id(int member) {
            return "member-" + member;
        }

        private static ConsumerSpec spec() {
            return new ConsumerSpec(
                    "group",
                    List.of("orders"),
                    StartPosition.NEWEST,
                    OrderingMode.PARTITION,
                    16,
                    100_000,
                    null,
                    System.getLogger("test"));
        }

        private Backend client(String id, ClientRuntime scope) {
            System.Logger log = System.getLogger("test");
            return broker.open(new BackendContext(id, scope, log, new MessagingObserver() {}, Duration.ofSeconds(10)));
        }

        private void send(int count) {
            for (int i = 0; i < count; i++) {
                Message message =
                        Message.builder("orders").valueText("m" + sends.size()).build();
                sends.add(producer.send(message, Duration.ofSeconds(30)));
            }
        }

        private void check() {
            List<String> wanted = new ArrayList<>();
            for (int i = 0; i < sends.size(); i++) {
                if (!sends.get(i).isCompletedExceptionally()) {
                    wanted.add("m" + i);
                }
            }
            assertThat(handled).containsAll(wanted);
            MessagingAssertions.assertThat(broker).nothingLost().hasAcknowledgedAll("group");
        }
    }
}
