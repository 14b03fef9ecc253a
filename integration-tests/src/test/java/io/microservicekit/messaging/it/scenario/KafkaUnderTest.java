package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.KafkaCluster;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** A real Kafka broker, observed by an admin client of its own. */
public final class KafkaUnderTest implements BackendUnderTest {
    private final String bootstrapServers;
    private final String clientsConnectTo;
    private final ObjIntConsumer<String> creation;
    private final Admin admin;
    /** Where coordinators change. */
    private @Nullable CommitLog commits;

    private KafkaGroupProtocol groupProtocol = KafkaGroupProtocol.CLASSIC;

    public KafkaUnderTest(KafkaServer server) {
        this(server, server.bootstrapServers());
    }

    public KafkaUnderTest(KafkaCluster cluster) {
        this(cluster.bootstrapServers(), cluster.bootstrapServers(), cluster::createTopic);
        commits = new CommitLog(cluster.bootstrapServers());
    }

    private KafkaUnderTest(KafkaServer server, String clientsConnectTo) {
        this(server.bootstrapServers(), clientsConnectTo, server::createTopic);
    }

    private KafkaUnderTest(String bootstrapServers, String clientsConnectTo, ObjIntConsumer<String> creation) {
        this.bootstrapServers = bootstrapServers;
        this.clientsConnectTo = clientsConnectTo;
        this.creation = creation;
        this.admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrapServers,
                "client.id", "observer",
                "request.timeout.ms", "5000",
                "default.api.timeout.ms", "15000",
                "enable.metrics.push", "false"));
    }

    @Override
    public BackendOptions options() {
        return optionsBuilder().build();
    }

    /** Options that connect a client, for a test that wants more of them. */
    public KafkaOptionsBuilder optionsBuilder() {
        KafkaOptionsBuilder options = KafkaOptions.builder().brokers(clientsConnectTo);
        return groupProtocol == KafkaGroupProtocol.CLASSIC ? options : options.groupProtocol(groupProtocol);
    }

    /** A broker that assigns the partitions of its clients' groups itself. */
    public static KafkaUnderTest consumerProtocol(KafkaServer server) {
        KafkaUnderTest kafka = new KafkaUnderTest(server);
        kafka.groupProtocol = KafkaGroupProtocol.CONSUMER;
        return kafka;
    }

    /** Nodes that assign the partitions of their clients' groups themselves. */
    public static KafkaUnderTest consumerProtocol(KafkaCluster cluster) {
        KafkaUnderTest kafka = new KafkaUnderTest(cluster);
        kafka.groupProtocol = KafkaGroupProtocol.CONSUMER;
        return kafka;
    }

    /** Whether the broker assigns. */
    public boolean assigns() {
        return groupProtocol == KafkaGroupProtocol.CONSUMER;
    }

    /** A broker whose clients connect through its proxy; the observer does not. */
    public static KafkaUnderTest proxied(KafkaServer server) {
        return new KafkaUnderTest(server, server.proxy().address());
    }

    /** The address of the broker itself. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public BackendOptions options(Duration maxPollInterval) {
        return optionsBuilder().maxPollInterval(maxPollInterval).build();
    }

    /** The observing admin client. */
    public Admin admin() {
        return admin;
    }

    /** Sets a topic's own limit of what it takes. */
    public void limit(String topic, int maxMessageBytes) {
        AlterConfigOp change = new AlterConfigOp(
                new ConfigEntry("max.message.bytes", Integer.toString(maxMessageBytes)), AlterConfigOp.OpType.SET);
        ConfigResource where = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        get(admin.incrementalAlterConfigs(Map.of(where, List.of(change))).all());
    }

    /** Lets a group forget a member that is gone after 3 s. Where the broker assigns, that is the broker's to say; otherwise each member says it. */
    public void forgetsSoon(String group) {
        AlterConfigOp change =
                new AlterConfigOp(new ConfigEntry("consumer.session.timeout.ms", "3000"), AlterConfigOp.OpType.SET);
        ConfigResource where = new ConfigResource(ConfigResource.Type.GROUP, group);
        get(admin.incrementalAlterConfigs(Map.of(where, List.of(change))).all());
    }

    @Override
    public void createTopic(String topic, int partitions) {
        creation.accept(topic, partitions);
    }

    @Override
    public SortedMap<Integer, Long> committed(String group, String topic) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((place, offset) -> {
                    if (place.topic().equals(topic)) {
                        offsets.put(place.partition(), offset.offset());
                    }
                });
        return offsets;
    }

    @Override
    public SortedMap<Integer, Long> sampled(String group, String topic) {
        return commits == null ? committed(group, topic) : commits.read(group, topic);
    }

    @Override
    public SortedMap<Integer, Long> endOffsets(String topic) {
        Map<TopicPartition, OffsetSpec> latest =
                places(topic).stream().collect(Collectors.toMap(Function.identity(), place -> OffsetSpec.latest()));
        SortedMap<Integer, Long> ends = new TreeMap<>();
        get(admin.listOffsets(latest).all()).forEach((place, end) -> ends.put(place.partition(), end.offset()));
        return ends;
    }

    private List<TopicPartition> places(String topic) {
        TopicDescription description =
                get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        return description.partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    @Override
    public List<Message> messages(String topic) {
        return RecordsOf.topic(bootstrapServers, places(topic)).stream()
                .map(KafkaUnderTest::message)
                .toList();
    }

    private static Message message(ConsumerRecord<byte[], byte[]> stored) {
        Headers.Builder headers = Headers.builder();
        stored.headers().forEach(header -> headers.add(header.key(), header.value()));
        return Message.received(stored.topic(), stored.key(), stored.value(), headers.build(), stored.timestamp());
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking the broker failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("asking the broker was interrupted", e);
        }
    }

    @Override
    public void close() {
        admin.close();
        if (commits != null) {
            commits.close();
        }
    }

    @Override
    public String toString() {
        return "kafka";
    }

    /** All that partitions hold up to the end offsets that the broker tells. */
    private static final class RecordsOf {
        private RecordsOf() {}

        static List<ConsumerRecord<byte[], byte[]>> topic(String bootstrapServers, List<TopicPartition> places) {
            try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrapServers, "enable.metrics.push", "false"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                consumer.assign(places);
                consumer.seekToBeginning(places);
                List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
                Map<TopicPartition, Long> ends = consumer.endOffsets(places);
                while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                    consumer.poll(Duration.ofSeconds(1)).forEach(all::add);
                }
                return all;
            }
        }
    }
}
