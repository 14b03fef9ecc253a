package io.microservicekit.messaging.testkit.junit.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.RetriableException;

/** What a test asks of several brokers; each call has a client of its own. */
public final class ClusterAdmin {
    private static final Duration CHANGED_WITHIN = Duration.ofSeconds(60);

    private ClusterAdmin() {}

    /** The id of the node that leads a partition. */
    public static int leader(String bootstrapServers, String topic, int partition) {
        try (Admin admin = BrokerAdmin.admin(bootstrapServers)) {
            return awaitLeader(admin, new TopicPartition(topic, partition));
        }
    }

    /** Makes a node the leader of a partition, by making it the preferred one and electing that. */
    public static void moveLeader(String bootstrapServers, TopicPartition partition, int node) {
        String attempt = "moving the leader of " + partition + " to node " + node;
        try (Admin admin = BrokerAdmin.admin(bootstrapServers)) {
            List<Integer> replicas = new ArrayList<>();
            info(admin, partition).replicas().forEach(each -> replicas.add(each.id()));
            if (!replicas.remove((Integer) node)) {
                throw new IllegalArgumentException(attempt + " was refused: it has no replica there");
            }
            replicas.add(0, node);
            BrokerAdmin.get(
                    attempt,
                    admin.alterPartitionReassignments(Collections.singletonMap(
                                    partition, Optional.of(new NewPartitionReassignment(replicas))))
                            .all());
            Deadline deadline = Deadline.in(CHANGED_WITHIN);
            while (awaitLeader(admin, partition) != node) {
                electPreferred(admin, attempt, partition);
                deadline.pauseOr(() -> late(attempt, deadline));
            }
        }
    }

    private static void electPreferred(Admin admin, String attempt, TopicPartition partition) {
        try {
            admin.electLeaders(ElectionType.PREFERRED, Collections.singleton(partition))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof RetriableException || e.getCause() instanceof ElectionNotNeededException)) {
                throw new IllegalStateException(attempt + " failed: " + e.getCause(), e.getCause());
            }
        } catch (InterruptedException e) {
            throw Deadline.interrupted(attempt, e);
        }
    }

    /** Returns when each replica of each partition, those of internal topics included, is in sync. */
    public static void awaitInSync(String bootstrapServers) {
        String attempt = "awaiting that all replicas are in sync";
        try (Admin admin = BrokerAdmin.admin(bootstrapServers)) {
            Deadline deadline = Deadline.in(CHANGED_WITHIN);
            while (!isInSync(admin, attempt)) {
                deadline.pauseOr(() -> late(attempt, deadline));
            }
        }
    }

    private static boolean isInSync(Admin admin, String attempt) {
        Collection<String> names = BrokerAdmin.get(
                attempt,
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        return BrokerAdmin.get(attempt, admin.describeTopics(names).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .allMatch(partition ->
                        partition.isr().size() == partition.replicas().size());
    }

    private static int awaitLeader(Admin admin, TopicPartition partition) {
        Deadline deadline = Deadline.in(CHANGED_WITHIN);
        Node leader = info(admin, partition).leader();
        while (leader == null || leader.isEmpty()) {
            deadline.pauseOr(() -> late("asking for the leader of " + partition, deadline));
            leader = info(admin, partition).leader();
        }
        return leader.id();
    }

    private static TopicPartitionInfo info(Admin admin, TopicPartition partition) {
        Collection<TopicDescription> topics = BrokerAdmin.get(
                        "describing the topic of " + partition,
                        admin.describeTopics(Collections.singletonList(partition.topic()))
                                .allTopicNames())
                .values();
        return topics.iterator().next().partitions().get(partition.partition());
    }

    private static IllegalStateException late(String attempt, Deadline deadline) {
        return new IllegalStateException(
                attempt + " failed: not within " + deadline.limit() + "; look into the brokers' logs");
    }
}
