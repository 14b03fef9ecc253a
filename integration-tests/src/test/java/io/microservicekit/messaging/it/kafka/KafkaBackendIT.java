package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.internal.KafkaBackendProvider;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Kafka adapter at the SPI, without the engine, on a real broker. */
class KafkaBackendIT {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static KafkaServer server;

    private ClientRuntime runtime;
    private Backend backend;
    private final List<BackendMember> members = new ArrayList<>();
    private final List<BackendProducer> producers = new ArrayList<>();

    KafkaGroupProtocol protocol() {
        return KafkaGroupProtocol.CLASSIC;
    }

    @BeforeAll
    static void start() {
        server = KafkaServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        runtime = new SystemRuntime(null, System.getLogger("it"));
        backend = open(server.bootstrapServers());
    }

    @AfterEach
    void close() throws Exception {
        for (BackendMember member : members) {
            member.consumer().close(Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS);
        }
        for (BackendProducer producer : producers) {
            producer.close(Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS);
        }
        backend.close(Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS);
        runtime.close();
    }

    @Test
    void aThousandMessagesSentAfterReadinessArriveOnceInTheOrderOfTheirPartition() throws Exception {
        server.createTopic("thousand", 3);
        BackendMember member = join("thousand", "group");
        member.readiness().get(60, TimeUnit.SECONDS);
        List<SendResult> results = send("thousand", 1_000);

        await().atMost(PATIENT).until(() -> member.received().size() >= 1_000);
        assertThat(member.values()).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(results).allMatch(SendResult::confirmed).allMatch(result -> result.offset() >= 0);
        for (int partition = 0; partition < 3; partition++) {
            int wanted = partition;
            assertThat(member.received().stream()
                            .filter(message -> message.position().partition() == wanted)
                            .map(message -> message.position().offset()))
                    .isSorted();
        }
        await().atMost(PATIENT).until(() -> committed("thousand", "group") == 1_000);
    }

    @Test
    void aSecondMemberTakesOverPartitionsAfterTheirOffsetsWereCommitted() throws Exception {
        server.createTopic("shared", 4);
        BackendMember first = join("shared", "takeover");
        first.readiness().get(60, TimeUnit.SECONDS);
        send("shared", 400);
        await().atMost(PATIENT).until(() -> first.received().size() == 400);

        BackendMember second = join("shared", "takeover");
        second.readiness().get(60, TimeUnit.SECONDS);
        await().atMost(PATIENT)
                .until(() -> second.held().size() == 2 && first.held().size() == 2);
        send("shared", 400);
        await().atMost(PATIENT)
                .until(() -> first.received().size() + second.received().size() >= 800);

        assertThat(first.revoked()).hasSize(2);
        assertThat(Stream.concat(first.received().stream(), second.received().stream())
                        .map(message -> message.position().toString()))
                .hasSize(800)
                .doesNotHaveDuplicates();
    }

    @Test
    void aPartitionBornAfterReadinessIsReadFromItsBeginning() throws Exception {
        server.createTopic("grows-later", 1);
        BackendMember member = join("grows-later", "growing");
        member.readiness().get(60, TimeUnit.SECONDS);
        server.addPartitions("grows-later", 3);
        try (var producer = RawKafka.producer(server.bootstrapServers(), TIMEOUT)) {
            RawKafka.send(producer, new TopicPartition("grows-later", 2), RawKafka.values(50));
        }
        await().atMost(PATIENT).until(() -> member.received().size() == 50);
        assertThat(member.values()).isEqualTo(RawKafka.values(50));
    }

    @Test
    void keyValueAndHeadersRoundTripAndNullIsNotEmpty() throws Exception {
        server.createTopic("round-trip", 1);
        BackendMember member = join("round-trip", "trip");
        member.readiness().get(60, TimeUnit.SECONDS);
        List<Message> sent = List.of(
                Message.builder("round-trip")
                        .keyText("k")
                        .valueText("v")
                        .header("h", "1")
                        .header("h", "2")
                        .build(),
                Message.builder("round-trip")
                        .key(new byte[0])
                        .value(new byte[0])
                        .build(),
                Message.builder("round-trip").build());
        BackendProducer producer = backend.producer(ProducerSpec.defaults(System.getLogger("test")));
        for (Message message : sent) {
            producer.send(message, TIMEOUT).get(30, TimeUnit.SECONDS);
        }
        await().atMost(PATIENT).until(() -> member.received().size() == 3);
        assertThat(member.received().stream()
                        .map(received -> received.message().toBuilder().build().toString()))
                .containsExactlyElementsOf(sent.stream().map(Message::toString).toList());
        assertThat(member.received().peek().headers().all("h")).hasSize(2);
        assertThat(producer.close(Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS))
                .isZero();
    }

    /** Aborted messages and control records take offsets that no message has. */
    @Fault("F37")
    @Test
    void theCommitReachesTheEndBehindAbortedMessagesAndControlRecords() throws Exception {
        server.createTopic("aborted", 1);
        BackendMember member = join("aborted", "gaps");
        member.readiness().get(60, TimeUnit.SECONDS);
        TopicPartition partition = new TopicPartition("aborted", 0);
        try (var producer = RawKafka.transactional(server.bootstrapServers(), "gaps")) {
            producer.initTransactions();
            producer.beginTransaction();
            RawKafka.send(producer, partition, List.of("first", "second"));
            producer.commitTransaction();
            producer.beginTransaction();
            RawKafka.send(producer, partition, RawKafka.values(20));
            producer.abortTransaction();
        }
        long end = 24;
        await("2 messages, 20 aborted ones, 2 control records")
                .atMost(PATIENT)
                .until(() -> RawKafka.end(server.bootstrapServers(), partition) == end);
        await().atMost(PATIENT).until(() -> committed("aborted", "gaps") == end);
        assertThat(member.values()).containsExactly("first", "second");
    }

    @Test
    void readinessWaitsForAMissingTopicAndComesWithIt() throws Exception {
        BackendMember member = join("comes-late", "late");
        await().during(Duration.ofSeconds(2))
                .atMost(PATIENT)
                .until(() -> !member.readiness().isDone());
        server.createTopic("comes-late", 2);
        member.readiness().get(60, TimeUnit.SECONDS);
        send("comes-late", 10);
        await().atMost(PATIENT).until(() -> member.received().size() == 10);
    }

    @Test
    void aMissingDeadLetterTopicFailsTheConsumerByName() throws Exception {
        server.createTopic("with-letters", 1);
        BackendMember member = join("with-letters", "letters", "no-such-topic");
        MessagingException failure = member.failure().get(60, TimeUnit.SECONDS);
        assertThat(failure.code()).isEqualTo(ErrorCode.CREATE_CONSUMER);
        assertThat(failure).hasMessageContaining("no-such-topic");
    }

    @Test
    void aSendToATopicThatDoesNotExistEndsNotDeliveredAtItsTimeout() {
        CompletableFuture<SendResult> sent =
                producer().send(Message.builder("never-made").build(), Duration.ofSeconds(1));
        assertThatThrownBy(() -> sent.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.TIMEOUT);
                    assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
                });
    }

    @Test
    void sendsBeforeAnyMetadataKeepTheOrderOfTheCalls() throws Exception {
        server.createTopic("cold", 1);
        BackendProducer producer = producer();
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (String value : RawKafka.values(5_000)) {
            sent.add(producer.send(Message.builder("cold").valueText(value).build(), TIMEOUT));
        }
        for (CompletableFuture<SendResult> each : sent) {
            each.get(60, TimeUnit.SECONDS);
        }
        assertThat(RawKafka.readAll(server.bootstrapServers(), new TopicPartition("cold", 0)))
                .isEqualTo(RawKafka.values(5_000));
    }

    @Test
    void aProbeOfNobodyNamesTheAddresses() throws Exception {
        backend.probe().get(30, TimeUnit.SECONDS);
        Backend nobody = open("127.0.0.1:1");
        assertThatThrownBy(() -> nobody.probe().get(30, TimeUnit.SECONDS))
                .cause()
                .hasMessageContaining("127.0.0.1:1")
                .matches(error -> MessagingException.is(error, ErrorCode.NO_BROKERS_AVAILABLE));
        nobody.close(Duration.ofSeconds(1)).get(10, TimeUnit.SECONDS);
    }

    private Backend open(String brokers) {
        BackendProvider provider = new KafkaBackendProvider();
        BackendContext context = new BackendContext(
                "it", runtime, System.getLogger("it"), new MessagingObserver() {}, Duration.ofSeconds(5));
        return provider.open(
                KafkaOptions.builder()
                        .brokers(brokers)
                        .property("metadata.max.age.ms", "1000")
                        .groupProtocol(protocol())
                        .build(),
                context);
    }

    /** One that is closed after the test. */
    private BackendProducer producer() {
        BackendProducer producer = backend.producer(ProducerSpec.defaults(System.getLogger("test")));
        producers.add(producer);
        return producer;
    }

    private BackendMember join(String topic, String group) {
        return join(topic, group, null);
    }

    private BackendMember join(String topic, String group, @Nullable String deadLetters) {
        ConsumerSpec spec = new ConsumerSpec(
                group,
                List.of(topic),
                StartPosition.NEWEST,
                OrderingMode.PARTITION,
                16,
                100_000,
                deadLetters,
                System.getLogger("test"));
        BackendMember member = BackendMember.join(listener -> backend.consumer(spec, listener));
        members.add(member);
        return member;
    }

    private List<SendResult> send(String topic, int count) throws Exception {
        BackendProducer producer = backend.producer(ProducerSpec.defaults(System.getLogger("test")));
        List<CompletableFuture<SendResult>> sent = IntStream.range(0, count)
                .mapToObj(i -> producer.send(
                        Message.builder(topic)
                                .keyText("key-" + i % 50)
                                .valueText("value-" + i)
                                .build(),
                        TIMEOUT))
                .toList();
        List<SendResult> results = new ArrayList<>();
        for (CompletableFuture<SendResult> each : sent) {
            results.add(each.get(60, TimeUnit.SECONDS));
        }
        producer.close(Duration.ofSeconds(5)).get(10, TimeUnit.SECONDS);
        return results;
    }

    private static long committed(String topic, String group) {
        return RawKafka.committed(server.bootstrapServers(), topic, group);
    }
}
