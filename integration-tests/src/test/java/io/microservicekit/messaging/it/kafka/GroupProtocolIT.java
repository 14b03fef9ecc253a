package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members of both protocols meet in one group. */
@ExtendWith(KafkaServerExtension.class)
class GroupProtocolIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"classic,consumer", "consumer,classic"})
    void aGroupMovesFromOneProtocolToTheOtherWhileItRuns(String from, String to, KafkaServer server) throws Exception {
        String topic = "moves-to-" + to;
        try (AdapterMembers before = members(server, from);
                AdapterMembers after = members(server, to)) {
            server.createTopic(topic, PARTITIONS);
            BackendMember leaving = before.joinReady(topic, topic);
            List<String> first = send(server, topic, "first-");
            await().atMost(PATIENT).until(() -> before.values().containsAll(first));
            after.joinReady(topic, topic);
            await().atMost(PATIENT)
                    .until(() -> before.held().count() == PARTITIONS / 2
                            && after.held().count() == PARTITIONS / 2);
            List<String> second = send(server, topic, "second-");
            await().atMost(PATIENT)
                    .until(() -> before.values().size() + after.values().size() >= first.size() + second.size());
            before.leave(leaving);
            await().atMost(PATIENT).until(() -> after.held().count() == PARTITIONS);
            List<String> third = send(server, topic, "third-");
            await().atMost(PATIENT).until(() -> after.values().containsAll(third));
            assertThat(before.values().size() + after.values().size())
                    .as("each once")
                    .isEqualTo(first.size() + second.size() + third.size());
        }
    }

    @Test
    void whereTheBrokerForbidsItTheErrorSaysWhatToDo() throws Exception {
        try (KafkaServer server = KafkaServer.builder()
                .property("group.consumer.migration.policy", "disabled")
                .start()) {
            assertForbidden("classic", "consumer", server);
            assertForbidden("consumer", "classic", server);
        }
    }

    private static void assertForbidden(String from, String to, KafkaServer server) throws Exception {
        String topic = "may-not-move-to-" + to;
        try (AdapterMembers before = members(server, from);
                AdapterMembers after = members(server, to)) {
            server.createTopic(topic, PARTITIONS);
            before.joinReady(topic, topic);
            MessagingException failure = after.join(topic, topic).failure().get(60, TimeUnit.SECONDS);
            assertThat(failure.code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
            assertThat(failure).hasMessageContainingAll(topic, "group.protocol", "stop");
        }
    }

    private static AdapterMembers members(KafkaServer server, String protocol) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("group.protocol", protocol);
        return new AdapterMembers(server, properties);
    }

    private static List<String> send(KafkaServer server, String topic, String prefix) throws Exception {
        List<String> values = RawKafka.values(50).stream().map(prefix::concat).toList();
        try (var producer = RawKafka.producer(server.bootstrapServers(), Duration.ofSeconds(30))) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                RawKafka.send(producer, new TopicPartition(topic, partition), values);
            }
        }
        return java.util.stream.IntStream.range(0, PARTITIONS)
                .boxed()
                .flatMap(partition -> values.stream())
                .toList();
    }
}
