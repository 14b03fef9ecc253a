package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.kafka.KafkaGroupProtocol.CLASSIC;
import static io.microservicekit.messaging.kafka.KafkaGroupProtocol.CONSUMER;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random lives of many groups on one broker. Replay one with {@code -Dseed=}; {@code -Druns=} sets how many the long test takes. */
class KafkaPositionsIT {
    private static final int QUICK_RUNS = 20;
    private static final int AT_ONCE = 6;
    private static final int MORE_RUNS = 20;
    private static final String DUE = "due";
    private static final String EXPANSIONS = "expansions";
    private static final Set<String> EACH_CRASH = Set.of("poll", "before commitSync", "after commitSync");

    @Test
    void whatIsSentAfterTheGroupIsReadyIsReceivedInTwentyRandomLives() throws Exception {
        assertNothingIsLost(CLASSIC, seeds(1, QUICK_RUNS), EACH_CRASH);
    }

    @Test
    @Tag("long-faults-kafka")
    void whatIsSentAfterTheGroupIsReadyIsReceivedInTwentyRandomLivesWhereTheBrokerAssigns() throws Exception {
        assertNothingIsLost(CONSUMER, seeds(2, QUICK_RUNS), Set.of("poll", "before commitSync"));
    }

    @Test
    @Tag("long-faults-kafka")
    void whatIsSentAfterTheGroupIsReadyIsReceivedInManyRandomLives() throws Exception {
        long first = Long.getLong("seed", System.nanoTime());
        assertNothingIsLost(CLASSIC, drawn(first, Integer.getInteger("runs", 200)), EACH_CRASH);
    }

    private static List<Long> seeds(long drawnFrom, int count) {
        Long seed = Long.getLong("seed");
        return seed == null ? drawn(drawnFrom, count) : List.of(seed);
    }

    private static List<Long> drawn(long from, int count) {
        return new SplittableRandom(from).longs(count).boxed().toList();
    }

    /** What a member does when it crashes is drawn, when that comes is not: lives are added until each kind was seen. */
    private static void assertNothingIsLost(KafkaGroupProtocol protocol, List<Long> seeds, Set<String> crashes)
            throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try (KafkaServer server = server(protocol);
                Producer<String, String> producer =
                        RawKafka.producer(server.bootstrapServers(), Duration.ofSeconds(30))) {
            Function<Long, Future<PositionsRun.Result>> life =
                    seed -> pool.submit(() -> new PositionsRun(server, producer, protocol, seed).run());
            Map<String, Integer> seen = lived(life, seeds);
            for (Iterator<Long> more = drawn(3, MORE_RUNS).iterator();
                    more.hasNext() && !seen.keySet().containsAll(crashes); ) {
                lived(life, List.of(more.next())).forEach((where, count) -> seen.merge(where, count, Integer::sum));
            }
            assertThat(seen).as("crashes, and others").containsKeys(crashes.toArray(String[]::new));
            assertThat(seen).as("others").containsKey(EXPANSIONS);
            assertThat(seen.get(DUE)).as("messages that had to arrive").isGreaterThan(50 * seeds.size());
        } finally {
            pool.shutdownNow();
        }
    }

    /** Where the broker assigns, sessions and heartbeats are its own: as short as the members' are otherwise. */
    private static KafkaServer server(KafkaGroupProtocol protocol) {
        KafkaServer.Builder server = KafkaServer.builder();
        if (protocol == CONSUMER) {
            server.property("group.consumer.min.session.timeout.ms", "1500")
                    .property("group.consumer.session.timeout.ms", "1500")
                    .property("group.consumer.min.heartbeat.interval.ms", "300")
                    .property("group.consumer.heartbeat.interval.ms", "300");
        }
        return server.start();
    }

    /** How many members ended where, how often partitions were added, and how many messages had to arrive. */
    private static Map<String, Integer> lived(Function<Long, Future<PositionsRun.Result>> life, List<Long> seeds)
            throws Exception {
        Map<Long, Future<PositionsRun.Result>> lives = new TreeMap<>();
        seeds.forEach(seed -> lives.put(seed, life.apply(seed)));
        List<String> losses = new ArrayList<>();
        Map<String, Integer> seen = new TreeMap<>();
        for (Map.Entry<Long, Future<PositionsRun.Result>> one : lives.entrySet()) {
            PositionsRun.Result result = one.getValue().get();
            String line = "seed " + one.getKey() + ": " + result.due() + " due, "
                    + result.missing().size() + " missing, " + result.story();
            System.out.println(line);
            seen.merge(DUE, result.due(), Integer::sum);
            result.crashedIn().forEach(where -> seen.merge(where, 1, Integer::sum));
            if (result.expansions() > 0) {
                seen.merge(EXPANSIONS, result.expansions(), Integer::sum);
            }
            if (!result.missing().isEmpty()) {
                losses.add(line + " " + result.missing());
            }
        }
        System.out.println(seeds.size() + " runs: " + seen);
        assertThat(losses).isEmpty();
        return seen;
    }
}
