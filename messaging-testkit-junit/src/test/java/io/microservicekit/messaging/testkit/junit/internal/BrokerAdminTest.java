package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

/** KAFKA-15591: whoever sends before each partition has a leader may lose its first record. */
class BrokerAdminTest {
    private final List<String> calls = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();

    @Test
    void aTopicIsCreatedOnlyWhenEachPartitionHasALeader() {
        failures.add(new UnknownTopicOrPartitionException());
        failures.add(new UnknownTopicOrPartitionException());

        BrokerAdmin.createTopic(admin(), "attempt", new NewTopic("t", Optional.of(2), Optional.empty()));

        assertThat(calls)
                .containsExactly(
                        "createTopics", "listOffsets[t-0, t-1]", "listOffsets[t-0, t-1]", "listOffsets[t-0, t-1]");
    }

    @Test
    void whatNoRetryMendsFailsAtOnceWithItsReason() {
        failures.add(new TopicAuthorizationException("no"));

        assertThatThrownBy(() -> BrokerAdmin.createTopic(
                        admin(), "attempt", new NewTopic("t", Optional.of(1), Optional.empty())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("attempt failed")
                .hasCauseInstanceOf(TopicAuthorizationException.class);
        assertThat(calls).containsExactly("createTopics", "listOffsets[t-0]");
    }

    private Admin admin() {
        return (Admin) Proxy.newProxyInstance(
                BrokerAdminTest.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "createTopics" -> createTopics();
                        case "listOffsets" -> listOffsets((Map<?, ?>) arguments[0]);
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private CreateTopicsResult createTopics() {
        calls.add("createTopics");
        return new TopicsCreated();
    }

    private ListOffsetsResult listOffsets(Map<?, ?> partitions) {
        calls.add("listOffsets" + partitions.keySet());
        KafkaFutureImpl<ListOffsetsResultInfo> answer = new KafkaFutureImpl<>();
        if (failures.isEmpty()) {
            answer.complete(new ListOffsetsResultInfo(0, 0, Optional.empty()));
        } else {
            answer.completeExceptionally(failures.remove(0));
        }
        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> answers = new LinkedHashMap<>();
        partitions.keySet().forEach(partition -> answers.put((TopicPartition) partition, answer));
        return new ListOffsetsResult(answers);
    }

    private static final class TopicsCreated extends CreateTopicsResult {
        TopicsCreated() {
            super(Map.of("t", KafkaFuture.completedFuture(null)));
        }
    }
}
