package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.observe.PositionReset;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic grows, or loses messages, under a group that reads it. */
@ExtendWith(KafkaServerExtension.class)
class TopicChangesIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private final KafkaServer server;

    TopicChangesIT(KafkaServer server) {
        this.server = server;
    }

    @Fault("F32")
    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void partitionsAddedUnderLoadAreReadFromTheirBeginning(String protocol) throws Exception {
        String topic = "grows-" + protocol;
        server.createTopic(topic, 1);
        try (AdapterMembers members = members(protocol);
                Producer<String, String> producer =
                        RawKafka.producer(server.bootstrapServers(), Duration.ofSeconds(30))) {
            members.joinReady(topic, topic);
            Set<String> confirmed = new ConcurrentSkipListSet<>();
            for (int partitions = 1; partitions <= 5; partitions += 2) {
                if (partitions > 1) {
                    server.addPartitions(topic, partitions);
                }
                for (int i = 0; i < 200; i++) {
                    String value = partitions + "/" + i;
                    var unused =
                            producer.send(new ProducerRecord<>(topic, i % partitions, null, value), (sent, error) -> {
                                if (error == null) {
                                    confirmed.add(value);
                                }
                            });
                }
                producer.flush();
            }
            assertThat(confirmed).as("did not test: confirmed").hasSize(600);
            await().atMost(PATIENT).until(() -> members.values().containsAll(confirmed));
            assertThat(members.values()).doesNotHaveDuplicates();
            assertThat(members.resets()).isEmpty();
        }
    }

    @Fault("F36")
    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void messagesDeletedWhileAMemberReadsAreReportedWithTheLostRange(String protocol) throws Exception {
        String topic = "cut-live-" + protocol;
        TopicPartition partition = new TopicPartition(topic, 0);
        server.createTopic(topic, 1);
        try (AdapterMembers members = members(protocol)) {
            BackendMember member = members.joinReady(topic, topic);
            RawKafka.fill(server.bootstrapServers(), partition, 20);
            await().atMost(PATIENT).until(() -> members.values().size() == 20);
            member.consumer().pause(member.held());
            // The driver may have asked for the next messages before it heard of the pause: they come, and are kept.
            RawKafka.fill(server.bootstrapServers(), partition, 80);
            deleteBelow(partition, 60);
            member.consumer().resume(member.held());
            await().atMost(PATIENT).until(() -> RawKafka.committed(server.bootstrapServers(), topic, topic) == 100);
            assertThat(members.values().size() + lost(members.resets())).isEqualTo(100);
        }
    }

    @Fault("F36")
    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void messagesDeletedWhileTheGroupWasAwayAreReportedWithTheLostRange(String protocol) throws Exception {
        String topic = "cut-away-" + protocol;
        TopicPartition partition = new TopicPartition(topic, 0);
        server.createTopic(topic, 1);
        try (AdapterMembers members = members(protocol)) {
            BackendMember member = members.joinReady(topic, topic);
            RawKafka.fill(server.bootstrapServers(), partition, 20);
            await().atMost(PATIENT).until(() -> members.values().size() == 20);
            members.leave(member);
            RawKafka.fill(server.bootstrapServers(), partition, 80);
            deleteBelow(partition, 60);
            BackendMember back = members.join(topic, topic);
            await().atMost(PATIENT).until(() -> back.received().size() == 40);
            assertThat(members.resets()).containsExactly(new PositionReset(topic, 0, 20, 60));
            await().atMost(PATIENT).until(() -> RawKafka.committed(server.bootstrapServers(), topic, topic) == 100);
        }
    }

    /** Nothing is left that could tell this group from one that never was. */
    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void aGroupWhoseOffsetsWereDeletedWhileItWasAwayBeginsAnewAtItsStartPosition(String protocol) throws Exception {
        String topic = "forgotten-" + protocol;
        TopicPartition partition = new TopicPartition(topic, 0);
        server.createTopic(topic, 1);
        try (AdapterMembers members = members(protocol)) {
            BackendMember member = members.joinReady(topic, topic);
            RawKafka.fill(server.bootstrapServers(), partition, 20);
            await().atMost(PATIENT).until(() -> members.values().size() == 20);
            members.leave(member);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
                admin.deleteConsumerGroupOffsets(topic, Set.of(partition)).all().get();
            }
            RawKafka.fill(server.bootstrapServers(), partition, 30);
            BackendMember back = members.joinReady(topic, topic);
            RawKafka.fill(server.bootstrapServers(), partition, 5);
            await().atMost(PATIENT).until(() -> back.received().size() >= 5);
            assertThat(back.received()).hasSize(5);
        }
    }

    private static int lost(List<PositionReset> resets) {
        AtomicInteger lost = new AtomicInteger();
        resets.forEach(reset -> lost.addAndGet((int) (reset.to() - reset.from())));
        return lost.get();
    }

    private void deleteBelow(TopicPartition partition, long offset) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    private AdapterMembers members(String protocol) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("group.protocol", protocol);
        return new AdapterMembers(server, properties);
    }
}
