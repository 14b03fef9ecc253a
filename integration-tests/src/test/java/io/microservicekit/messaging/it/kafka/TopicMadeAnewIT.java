package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A topic is deleted and made anew under a group that is pinned in it. What is sent to the new one from its first moment on is received, although the
 * old positions lie within the new log, where the driver would read on as if nothing had happened.
 */
@Fault("F31")
@ExtendWith(KafkaServerExtension.class)
class TopicMadeAnewIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 3;
    private static final int BEFORE = 20;
    private static final int AFTER = 100;

    private final KafkaServer server;

    TopicMadeAnewIT(KafkaServer server) {
        this.server = server;
    }

    /** A group, of the name of its topic, which has consumed what its topic held. */
    private final class Group implements AutoCloseable {
        final String topic;
        final AdapterMembers members;
        final BackendMember member;

        Group(String topic, AdapterMembers members) throws Exception {
            this.topic = topic;
            this.members = members;
            server.createTopic(topic, PARTITIONS);
            this.member = members.joinReady(topic, topic);
            handle("old", BEFORE);
        }

        void handle(String prefix, int count) throws Exception {
            awaitReceived(members, send(topic, prefix, count));
            await().atMost(PATIENT).until(() -> committed(topic) >= (long) PARTITIONS * count);
        }

        @Override
        public void close() {
            members.close();
        }
    }

    private Group group(String topic, String protocol) throws Exception {
        return new Group(topic + "-" + protocol, members(protocol));
    }

    private static void awaitReceived(AdapterMembers members, List<String> sent) {
        await().atMost(PATIENT).untilAsserted(() -> assertThat(members.values()).containsAll(sent));
    }

    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void nothingIsSkippedWhenItHappensWhileTheTopicIsConsumed(String protocol) throws Exception {
        try (Group group = group("anew-live", protocol)) {
            for (int round = 0; round < 3; round++) {
                List<String> sent = makeAnewUnnoticed(group.member, group.topic, "new" + round);
                group.member.consumer().resume(group.member.held());
                awaitReceived(group.members, sent);
                group.handle("more" + round, AFTER);
            }
            assertThat(group.members.resets()).as("said").isNotEmpty();
            await().atMost(PATIENT).until(() -> committed(group.topic) == (long) PARTITIONS * 2 * AFTER);
        }
    }

    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void nothingIsSkippedWhenTheGroupHasSeenTheTopicGo(String protocol) throws Exception {
        try (Group group = group("anew-seen", protocol)) {
            RawKafka.deleteTopic(server.bootstrapServers(), group.topic);
            await().atMost(PATIENT).until(() -> group.members.held().findAny().isEmpty());
            server.createTopic(group.topic, PARTITIONS);
            group.handle("new", AFTER);
        }
    }

    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void aTopicThatStaysDeletedIsReportedUntilItIsBack(String protocol) throws Exception {
        try (Group group = group("gone", protocol)) {
            BackendConsumer consumer = group.member.consumer();
            await("nothing in its way").atMost(PATIENT).until(() -> consumer.impediment() == null);
            RawKafka.deleteTopic(server.bootstrapServers(), group.topic);
            await().atMost(PATIENT)
                    .untilAsserted(() ->
                            assertThat(consumer.impediment()).contains("[" + group.topic + "] do not exist any more"));
            server.createTopic(group.topic, PARTITIONS);
            group.handle("new", AFTER);
            await().atMost(PATIENT)
                    .untilAsserted(() -> assertThat(consumer.impediment()).isNull());
        }
    }

    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void aNewcomerThatJoinsRightAfterSkipsNothingEither(String protocol) throws Exception {
        try (Group group = group("anew-newcomer", protocol);
                AdapterMembers newcomers = members(protocol)) {
            makeAnew(group.topic);
            List<String> sent = send(group.topic, "new", AFTER);
            newcomers.join(group.topic, group.topic);
            await().atMost(PATIENT).untilAsserted(() -> {
                List<String> received = new ArrayList<>(group.members.values());
                received.addAll(newcomers.values());
                assertThat(received).containsAll(sent);
            });
            await().atMost(PATIENT).until(() -> newcomers.held().findAny().isPresent());
        }
    }

    /**
     * As in a rolling restart: the commits went with the topic, and only who leaves knows that the group had been there, without having noticed
     * ({@code TopicMadeAnewTest} shows what it leaves). With the protocol {@code consumer} the broker refuses this commit until the driver has noticed
     * (docs/adr/0006).
     */
    @Test
    void whoComesAfterAMemberThatLeftRightAwaySkipsNothing() throws Exception {
        String topic = "anew-successor";
        try (Group unaware = new Group(topic, members("classic", "600000"));
                AdapterMembers successors = members("classic")) {
            Map<TopicPartition, OffsetAndMetadata> old = commits(topic);
            stopFetching(unaware.member, topic);
            makeAnew(topic);
            List<String> sent = send(topic, "new", AFTER);
            await("the commits to go with the topic, of which the member has not noticed anything")
                    .atMost(PATIENT)
                    .until(() -> commits(topic).isEmpty());
            unaware.members.leave(unaware.member);
            assertThat(commits(topic))
                    .as("what it leaves, unaware: where it was in the old topic")
                    .hasSize(PARTITIONS)
                    .isEqualTo(old);
            successors.join(topic, topic);
            awaitReceived(successors, sent);
        }
    }

    /**
     * Returns when the broker holds no fetch of a member. The last one waits there for messages, and would be answered that there is no such topic; a
     * message in each partition ends it before.
     */
    private void stopFetching(BackendMember member, String topic) throws Exception {
        member.consumer().pause(member.held());
        for (Assignment held : member.held()) {
            // What it is told to do it does in turn: when nothing is left to flush, it has paused.
            member.consumer().flush(held).get(PATIENT.toSeconds(), TimeUnit.SECONDS);
        }
        send(topic, "unread", 1);
    }

    /** The broker deletes the commits with the topic; here a member that was cut off has written them once more. */
    @ParameterizedTest(name = "group.protocol={0}")
    @ValueSource(strings = {"classic", "consumer"})
    void aGroupThatWasAwaySkipsNothingWhenItsOldCommitsAreThere(String protocol) throws Exception {
        String topic = "anew-away-" + protocol;
        Map<TopicPartition, OffsetAndMetadata> old;
        try (Group group = group("anew-away", protocol)) {
            group.members.leave(group.member);
            old = commits(topic);
        }
        makeAnew(topic);
        List<String> sent = send(topic, "new", AFTER);
        assertThat(old).as("did not test: commits of the old topic").hasSize(PARTITIONS);
        commit(topic, old);
        try (AdapterMembers members = members(protocol)) {
            members.join(topic, topic);
            awaitReceived(members, sent);
            assertThat(members.resets())
                    .hasSize(PARTITIONS)
                    .allMatch(reset -> reset.from() == BEFORE && reset.to() == 0);
        }
    }

    private AdapterMembers members(String protocol) {
        return members(protocol, "1000");
    }

    private AdapterMembers members(String protocol, String age) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("metadata.max.age.ms", age);
        properties.put("group.protocol", protocol);
        return new AdapterMembers(server, properties);
    }

    /** Without a fetch meanwhile, so that the broker cannot tell the driver that its offset is out of range. */
    private List<String> makeAnewUnnoticed(BackendMember member, String topic, String prefix) throws Exception {
        member.consumer().pause(member.held());
        makeAnew(topic);
        return send(topic, prefix, AFTER);
    }

    private void makeAnew(String topic) {
        RawKafka.deleteTopic(server.bootstrapServers(), topic);
        server.createTopic(topic, PARTITIONS);
    }

    private List<String> send(String topic, String prefix, int count) throws Exception {
        List<String> sent = new ArrayList<>();
        try (var producer = RawKafka.producer(server.bootstrapServers(), Duration.ofSeconds(30))) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                String start = prefix + "-" + partition + "-";
                List<String> values =
                        RawKafka.values(count).stream().map(start::concat).toList();
                RawKafka.send(producer, new TopicPartition(topic, partition), values);
                sent.addAll(values);
            }
        }
        return sent;
    }

    private long committed(String topic) {
        return RawKafka.committed(server.bootstrapServers(), topic, topic);
    }

    private Map<TopicPartition, OffsetAndMetadata> commits(String group) throws Exception {
        return RawKafka.commits(server.bootstrapServers(), group);
    }

    private void commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            admin.alterConsumerGroupOffsets(group, offsets).all().get();
        }
    }
}
