package io.microservicekit.messaging.kafka.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;

/** An admin client over topics that the test has, whose partitions have leaders when the test says so. */
final class ScriptedAdmin {
    private static final Node NODE = new Node(1, "localhost", 9092);

    private final Map<String, Integer> topics = new LinkedHashMap<>();
    private final TreeSet<String> leaderless = new TreeSet<>();
    private final List<String> asked = new ArrayList<>();
    private boolean silent;

    Admin admin() {
        return (Admin)
                Proxy.newProxyInstance(Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, this::answered);
    }

    void has(String topic, int partitions) {
        topics.put(topic, partitions);
    }

    /** A partition, as in {@code topic-0}, that has no leader from now on. */
    void losesLeader(String partition) {
        leaderless.add(partition);
    }

    void electsLeaders() {
        leaderless.clear();
    }

    /** Whether leaders say nothing at all. */
    void beSilent(boolean now) {
        silent = now;
    }

    /** What was asked, in order. */
    List<String> asked() {
        return asked;
    }

    private Object answered(Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "describeTopics" -> described(names(arguments[0]));
            case "createTopics" ->
                created((NewTopic) ((Collection<?>) arguments[0]).iterator().next());
            case "close" -> asked.add("close " + arguments[0]);
            case "listOffsets" -> ends(names(((Map<?, ?>) arguments[0]).keySet()));
            default -> throw new UnsupportedOperationException(method.getName());
        };
    }

    private static List<String> names(Object names) {
        List<String> texts = new ArrayList<>();
        ((Collection<?>) names).forEach(name -> texts.add(name.toString()));
        return texts;
    }

    private DescribeTopicsResult described(List<String> names) {
        asked.add("describe " + names);
        Map<String, KafkaFuture<TopicDescription>> answers = new LinkedHashMap<>();
        for (String name : names) {
            Integer partitions = topics.get(name);
            answers.put(
                    name,
                    partitions == null
                            ? failed(new UnknownTopicOrPartitionException("no such topic"))
                            : KafkaFuture.completedFuture(description(name, partitions)));
        }
        return new DescribeTopicsResult(null, answers) {};
    }

    /** With a leader in each partition, as the controller says it before the leader itself knows. */
    private static TopicDescription description(String name, int count) {
        List<TopicPartitionInfo> partitions = new ArrayList<>();
        for (int partition = 0; partition < count; partition++) {
            partitions.add(new TopicPartitionInfo(partition, NODE, List.of(NODE), List.of(NODE)));
        }
        return new TopicDescription(name, false, partitions);
    }

    private CreateTopicsResult created(NewTopic topic) {
        asked.add("create " + topic.name());
        topics.put(topic.name(), topic.numPartitions());
        return new CreateTopicsResult(Map.of(topic.name(), KafkaFuture.completedFuture(null))) {};
    }

    private ListOffsetsResult ends(List<String> partitions) {
        asked.add("ends " + partitions);
        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> answers = new LinkedHashMap<>();
        for (String partition : partitions) {
            int dash = partition.lastIndexOf('-');
            TopicPartition place =
                    new TopicPartition(partition.substring(0, dash), Integer.parseInt(partition.substring(dash + 1)));
            answers.put(place, end(partition));
        }
        return new ListOffsetsResult(answers);
    }

    private KafkaFuture<ListOffsetsResultInfo> end(String partition) {
        if (silent) {
            return new KafkaFutureImpl<>();
        }
        return leaderless.contains(partition)
                ? failed(new LeaderNotAvailableException("no leader"))
                : KafkaFuture.completedFuture(new ListOffsetsResultInfo(0, -1, Optional.empty()));
    }

    private static <T> KafkaFuture<T> failed(Throwable error) {
        KafkaFutureImpl<T> answer = new KafkaFutureImpl<>();
        answer.completeExceptionally(error);
        return answer;
    }
}
