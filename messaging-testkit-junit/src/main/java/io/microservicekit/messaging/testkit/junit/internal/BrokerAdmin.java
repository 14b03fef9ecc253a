package io.microservicekit.messaging.testkit.junit.internal;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/** What a test asks of a broker through an admin client; each call has a client of its own. */
public final class BrokerAdmin {
    private static final Duration LEADERS_WITHIN = Duration.ofSeconds(60);
    private static final String PROBE_MILLIS = "1000";
    private static final String CALL_MILLIS = "30000";

    private BrokerAdmin() {}

    /** Fails with the remedy when kafka-clients cannot be seen by this module. */
    public static void requireClient() {
        try {
            Class.forName("org.apache.kafka.clients.admin.Admin", false, BrokerAdmin.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "starting a Kafka fixture failed: kafka-clients, its probe and topic admin, is not there;"
                            + " add the dependency org.apache.kafka:kafka-clients to the tests"
                            + " (on a module path also --add-modules kafka.clients,org.slf4j)",
                    e);
        }
    }

    /** Creates a topic with the broker's default replication factor and waits until each partition has a leader. */
    public static void createTopic(String bootstrapServers, String name, int partitions) {
        String attempt = "creating the topic '" + name + "' with " + partitions + " partitions on " + bootstrapServers;
        requirePositive(attempt, partitions);
        try (Admin admin = admin(bootstrapServers, CALL_MILLIS)) {
            createTopic(admin, attempt, new NewTopic(name, Optional.of(partitions), Optional.empty()));
        }
    }

    static void createTopic(Admin admin, String attempt, NewTopic topic) {
        get(attempt, admin.createTopics(List.of(topic)).all());
        awaitLeaders(admin, attempt, partitions(topic.name(), topic.numPartitions()));
    }

    /** Adds partitions up to {@code total} and waits until each has a leader. */
    public static void addPartitions(String bootstrapServers, String name, int total) {
        String attempt = "extending the topic '" + name + "' to " + total + " partitions on " + bootstrapServers;
        requirePositive(attempt, total);
        try (Admin admin = admin(bootstrapServers, CALL_MILLIS)) {
            Map<String, NewPartitions> extended = Collections.singletonMap(name, NewPartitions.increaseTo(total));
            get(attempt, admin.createPartitions(extended).all());
            awaitLeaders(admin, attempt, partitions(name, total));
        }
    }

    /** The ids of the live brokers that an independent client is told of within a second; none when nobody tells. */
    static SortedSet<Integer> live(String bootstrapServers) {
        try (Admin admin = admin(bootstrapServers, PROBE_MILLIS)) {
            return admin.describeCluster().nodes().get().stream()
                    .map(Node::id)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (ExecutionException e) {
            return new TreeSet<>();
        } catch (InterruptedException e) {
            throw Deadline.interrupted("asking " + bootstrapServers + " for its live brokers", e);
        }
    }

    /**
     * KAFKA-15591: a record sent before its partition has a leader may be lost, idempotent producer or not. Being asked for an
     * offset, only a leader answers.
     */
    private static void awaitLeaders(Admin admin, String attempt, Map<TopicPartition, OffsetSpec> partitions) {
        Deadline deadline = Deadline.in(LEADERS_WITHIN);
        while (!haveLeaders(admin, attempt, partitions)) {
            deadline.pauseOr(() -> new IllegalStateException(attempt + " failed: its partitions had no leaders within "
                    + deadline.limit() + "; look into the broker's log"));
        }
    }

    private static boolean haveLeaders(Admin admin, String attempt, Map<TopicPartition, OffsetSpec> partitions) {
        try {
            admin.listOffsets(partitions).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw failed(attempt, e);
        } catch (InterruptedException e) {
            throw Deadline.interrupted(attempt, e);
        }
    }

    static <T> T get(String attempt, KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw failed(attempt, e);
        } catch (InterruptedException e) {
            throw Deadline.interrupted(attempt, e);
        }
    }

    private static IllegalStateException failed(String attempt, ExecutionException e) {
        return new IllegalStateException(
                attempt + " failed: " + e.getCause()
                        + "; the broker must be running and the name new (extending: existing, with fewer partitions)",
                e.getCause());
    }

    private static void requirePositive(String attempt, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException(attempt + " was refused: give at least 1 partition");
        }
    }

    private static Map<TopicPartition, OffsetSpec> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toMap(
                        partition -> partition, partition -> OffsetSpec.latest(), (a, b) -> a, LinkedHashMap::new));
    }

    /** A client for calls that may take as long as {@link #CALL_MILLIS}. */
    static Admin admin(String bootstrapServers) {
        return admin(bootstrapServers, CALL_MILLIS);
    }

    private static Admin admin(String bootstrapServers, String limitMillis) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("client.id", "messaging-fixture");
        settings.put("default.api.timeout.ms", limitMillis);
        settings.put("request.timeout.ms", PROBE_MILLIS);
        settings.put("reconnect.backoff.ms", "20");
        settings.put("reconnect.backoff.max.ms", "50");
        settings.put("retry.backoff.ms", "20");
        settings.put("enable.metrics.push", "false");
        return Admin.create(settings);
    }
}
