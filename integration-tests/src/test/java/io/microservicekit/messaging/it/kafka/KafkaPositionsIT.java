package io.microservicekit.messaging.it.kafka;

import static io.microservicekit.messaging.kafka.KafkaGroupProtocol.CLASSIC;
import static io.microservicekit.messaging.kafka.KafkaGroupProtocol.CONSUMER;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random lives of many groups on one broker. Replay one with {@code -Dseed=}; {@code -Druns=} sets how many the long test takes. */
class KafkaPositionsIT {
    private static final int QUICK_RUNS = 20;
    private static final int AT_ONCE = 8;

    @Test
    void whatIsSentAfterTheGroupIsReadyIsReceivedInTwentyRandomLives() throws Exception {
        Long seed = Long.getLong("seed");
        assertEachCrash(run(
                CLASSIC,
                seed == null ? new SplittableRandom(1).longs(QUICK_RUNS).boxed().toList() : List.of(seed)));
    }

    @Test
    @Tag("long-faults-kafka")
    void whatIsSentAfterTheGroupIsReadyIsReceivedInTwentyRandomLivesWhereTheBrokerAssigns() throws Exception {
        Long seed = Long.getLong("seed");
        assertThat(run(
                        CONSUMER,
                        seed == null
                                ? new SplittableRandom(2)
                                        .longs(QUICK_RUNS)
                                        .boxed()
                                        .toList()
                                : List.of(seed)))
                .as("crashes")
                .containsKeys("poll", "before commitSync");
    }

    @Test
    @Tag("long-faults-kafka")
    void whatIsSentAfterTheGroupIsReadyIsReceivedInManyRandomLives() throws Exception {
        long first = Long.getLong("seed", System.nanoTime());
        assertEachCrash(run(
                CLASSIC,
                new SplittableRandom(first)
                        .longs(Integer.getInteger("runs", 200))
                        .boxed()
                        .toList()));
    }

    /** How many members ended where. */
    private static Map<String, Integer> run(KafkaGroupProtocol protocol, List<Long> seeds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try (KafkaServer server = server(protocol);
                Producer<String, String> producer =
                        RawKafka.producer(server.bootstrapServers(), Duration.ofSeconds(30))) {
            Map<Long, Future<PositionsRun.Result>> runs = new TreeMap<>();
            seeds.forEach(seed ->
                    runs.put(seed, pool.submit(() -> new PositionsRun(server, producer, protocol, seed).run())));
            return report(runs);
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

    private static Map<String, Integer> report(Map<Long, Future<PositionsRun.Result>> runs) throws Exception {
        List<String> losses = new ArrayList<>();
        Map<String, Integer> crashedIn = new TreeMap<>();
        int due = 0;
        int expansions = 0;
        for (Map.Entry<Long, Future<PositionsRun.Result>> run : runs.entrySet()) {
            PositionsRun.Result result = run.getValue().get();
            String line = "seed " + run.getKey() + ": " + result.due() + " due, "
                    + result.missing().size() + " missing, " + result.story();
            System.out.println(line);
            due += result.due();
            expansions += result.expansions();
            result.crashedIn().forEach(where -> crashedIn.merge(where, 1, Integer::sum));
            if (!result.missing().isEmpty()) {
                losses.add(line + " " + result.missing());
            }
        }
        System.out.println(runs.size() + " runs, " + due + " messages due, " + expansions
                + " expansions, members by end " + crashedIn);
        assertThat(losses).isEmpty();
        assertThat(due).as("messages that had to arrive").isGreaterThan(50 * runs.size());
        assertThat(expansions).as("expansions").isPositive();
        return crashedIn;
    }

    private static void assertEachCrash(Map<String, Integer> crashedIn) {
        assertThat(crashedIn).as("crashes").containsKeys("poll", "before commitSync", "after commitSync");
    }
}
