package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of driver objects when they cannot be made, or nobody needs them any more. */
class KafkaBackendTest {
    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedConsumer consumer = new ScriptedConsumer(5);
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private boolean producerMade;

    /** The client is closed by another thread while the driver is being made. */
    private final KafkaClients closing = new KafkaClients() {
        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
            producerMade = true;
            runtime.endThreads();
            return producer;
        }

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            runtime.endThreads();
            return consumer;
        }

        @Override
        public Admin admin(Map<String, Object> settings) {
            return new ScriptedAdmin().admin();
        }
    };

    @Test
    void noConsumerOfTheDriverStaysBehindWhenTheClientClosesMeanwhile() {
        KafkaBackend backend = backend(closing, "localhost:1");
        assertThatThrownBy(() -> backend.consumer(consumes(), heard))
                .matches(error -> is(error, ErrorCode.CLIENT_CLOSED));
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void noProducerOfTheDriverIsMadeWhenTheClientIsClosed() {
        KafkaBackend backend = backend(closing, "localhost:1");
        runtime.endThreads();
        assertThatThrownBy(() -> backend.producer(sends())).matches(error -> is(error, ErrorCode.CLIENT_CLOSED));
        assertThat(producerMade).isFalse();
    }

    @Test
    void aClosedBackendSaysThatItIsClosed() {
        KafkaBackend backend = backend(closing, "localhost:1");
        assertThat(backend.close(Duration.ZERO)).isCompleted();
        assertThatThrownBy(() -> backend.consumer(consumes(), heard))
                .matches(error -> is(error, ErrorCode.CLIENT_CLOSED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT", "SSL"})
    void brokersThatCannotBeResolvedAreNotAvailableWhateverElseIsSet(String protocol) {
        KafkaOptionsBuilder options = KafkaOptions.builder()
                .brokers("nowhere.invalid:9092", "neither.invalid:9092")
                .property("security.protocol", protocol);
        if (protocol.equals("SSL")) {
            options.property("ssl.protocol", "TLSv1.3");
        }
        KafkaBackend backend = new KafkaBackend(options.build(), context(), new KafkaClients.Real());
        CompletableFuture<Void> probed = backend.probe();
        runtime.runAll();
        assertThat(probed)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .satisfies(KafkaBackendTest::namesHosts);
        BackendConsumer late = backend.consumer(consumes(), heard);
        assertThat(late.impediment()).contains("nowhere.invalid:9092").contains("resolved");
        assertThat(late.close(Duration.ZERO)).isCompletedWithValue(0L);
        BackendProducer waiting = backend.producer(sends());
        assertThat(waiting.impediment()).contains("nowhere.invalid:9092").contains("resolved");
        CompletableFuture<Long> closed = waiting.close(Duration.ZERO);
        runtime.runAll();
        assertThat(closed).isCompletedWithValue(0L);
    }

    @Test
    void aSubscriptionThatBeginsBeforeItsBrokersCanBeResolvedIsOpenedWhenTheyCan() {
        Resolving clients = new Resolving();
        BackendConsumer late = backend(clients, "localhost:1").consumer(consumes(), heard);
        assertThat(late.impediment()).contains("none of the names").doesNotEndWith(".");
        assertThat(late.flush(new Assignment("topic", 0, 1))).isCompletedExceptionally();
        runtime.advance(Reopening.FIRST_PAUSE);
        runtime.runAll();
        assertThat(clients.asked).isEqualTo(2);
        clients.resolvable = true;
        runtime.advance(Reopening.FIRST_PAUSE);
        runtime.runAll();
        assertThat(clients.asked).isEqualTo(2);
        runtime.advance(Reopening.FIRST_PAUSE);
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(ScriptedConsumer.PARTITION)));
        consumer.schedulePollTask(() -> {
            var unused = late.close(Duration.ofSeconds(1));
        });
        runtime.runAll();
        assertThat(clients.asked).isEqualTo(3);
        assertThat(heard.events()).containsExactly("assigned 1", "ready");
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void whatTheEngineAnswersToTheFirstDeliveryOfAConsumerThatWasOpenedLateIsHeard() {
        Resolving clients = new Resolving();
        BackendConsumer late = backend(clients, "localhost:1").consumer(consumes(), heard);
        clients.resolvable = true;
        runtime.runThreadsAtOnce();
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(ScriptedConsumer.PARTITION)));
        consumer.schedulePollTask(() -> consumer.addRecords(5, 3));
        consumer.schedulePollTask(() -> {
            late.acknowledge(heard.lastAssigned(), 7, new long[0]);
            var unused = late.close(Duration.ofSeconds(1));
        });
        runtime.advance(Reopening.FIRST_PAUSE);
        runtime.runAll();
        assertThat(heard.messages()).hasSize(3);
        assertThat(consumer.committed()).containsExactly(5L, 8L);
    }

    @Test
    void noConsumerThatWasOpenedLateStaysBehindWhenTheClientClosesMeanwhile() {
        Resolving clients = new Resolving();
        BackendConsumer late = backend(clients, "localhost:1").consumer(consumes(), heard);
        clients.resolvable = true;
        clients.meanwhile = runtime::endThreads;
        runtime.advance(Reopening.FIRST_PAUSE);
        runtime.runAll();
        assertThat(consumer.closed()).isTrue();
        assertThat(late.close(Duration.ofSeconds(1))).isCompletedWithValue(0L);
    }

    @Test
    void aSubscriptionThatIsClosedBeforeItWasOpenedIsNotOpened() {
        Resolving clients = new Resolving();
        BackendConsumer late = backend(clients, "localhost:1").consumer(consumes(), heard);
        assertThat(late.close(Duration.ofSeconds(1))).isCompletedWithValue(0L);
        clients.resolvable = true;
        runtime.advance(Duration.ofMinutes(1));
        runtime.runAll();
        assertThat(clients.asked).isEqualTo(1);
    }

    @Test
    void aConsumerThatIsOpenedWhileItsSubscriptionClosesIsClosed() {
        Resolving clients = new Resolving();
        BackendConsumer late = backend(clients, "localhost:1").consumer(consumes(), heard);
        clients.resolvable = true;
        clients.meanwhile = () -> assertThat(late.close(Duration.ofSeconds(1))).isCompletedWithValue(0L);
        runtime.advance(Reopening.FIRST_PAUSE);
        runtime.runAll();
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aConsumerIsOpenedOnceThereIsMemoryForItsThreads() {
        Resolving clients = new Resolving();
        BackendConsumer late = backend(clients, "localhost:1").consumer(consumes(), heard);
        clients.resolvable = true;
        clients.meanwhile = () -> {
            clients.meanwhile = () -> {};
            runtime.lackMemoryForThreads(1);
        };
        runtime.advance(Reopening.FIRST_PAUSE);
        runtime.runAll();
        assertThat(late.impediment()).contains("it is not opened yet").contains("native thread");
        assertThat(consumer.closed()).isTrue();
        runtime.lackMemoryForThreads(1);
        runtime.advance(Reopening.FIRST_PAUSE.multipliedBy(2));
        runtime.runAll();
        assertThat(clients.asked).isEqualTo(2);
        runtime.advance(Reopening.FIRST_PAUSE.multipliedBy(4));
        runtime.runAll();
        assertThat(clients.asked).isEqualTo(3);
    }

    /** The driver wraps what stops its constructor. */
    @Test
    void aConsumerThatCannotBeMadeForLackOfMemoryIsMadeLater() {
        Resolving clients = new Resolving();
        BackendConsumer late = backend(clients, "localhost:1").consumer(consumes(), heard);
        clients.meanwhile = () -> {
            throw new KafkaException("Failed to construct kafka consumer", new OutOfMemoryError("planted"));
        };
        runtime.advance(Reopening.FIRST_PAUSE);
        runtime.runAll();
        assertThat(heard.events()).isEmpty();
        assertThat(late.impediment()).contains("it is not opened yet").contains("planted");
        runtime.advance(Reopening.FIRST_PAUSE.multipliedBy(2));
        runtime.runAll();
        assertThat(clients.asked).isEqualTo(3);
    }

    @Test
    void aConsumerThatCannotBeStartedIsOpenedAgainAndNotKept() {
        Resolving clients = new Resolving();
        BackendConsumer late = backend(clients, "localhost:1").consumer(consumes(), heard);
        clients.resolvable = true;
        clients.meanwhile = () -> {
            clients.meanwhile = () -> {};
            runtime.failNextThread(new NoClassDefFoundError("planted"));
        };
        runtime.advance(Reopening.FIRST_PAUSE);
        runtime.runAll();
        assertThat(late.impediment()).contains("it is not opened yet").contains("planted");
        assertThat(consumer.closed()).isTrue();
        runtime.advance(Reopening.FIRST_PAUSE.multipliedBy(2));
        runtime.runAll();
        assertThat(clients.asked).isEqualTo(3);
    }

    @Test
    void settingsThatTheDriverRefusesLaterEndTheSubscription() {
        Resolving clients = new Resolving();
        BackendConsumer late = backend(clients, "localhost:1").consumer(consumes(), heard);
        clients.meanwhile = () -> {
            throw new KafkaException("planted");
        };
        runtime.advance(Reopening.FIRST_PAUSE);
        runtime.runAll();
        assertThat(heard.events()).containsExactly("failed CREATE_CONSUMER");
        assertThat(late.close(Duration.ZERO)).isCompletedWithValue(0L);
    }

    /** The caller's time runs while the thread has not begun: it is told why within it. */
    @Test
    void theTimeOfAProvisionCountsFromTheCall() {
        Resolving clients = new Resolving();
        clients.resolvable = true;
        CompletableFuture<Void> provisioned = backend(clients, "localhost:1").provision(consumes());
        runtime.advance(context().connectTimeout());
        long begun = runtime.nanoTime();
        runtime.runAll();
        assertThat(provisioned)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .matches(error -> is(error, ErrorCode.NO_BROKERS_AVAILABLE));
        assertThat(runtime.nanoTime()).isEqualTo(begun);
    }

    @Test
    void aProvisionIsEndedAtOnceWhenTheClientIsClosed() {
        Resolving clients = new Resolving();
        clients.resolvable = true;
        KafkaBackend backend = backend(clients, "localhost:1");
        CompletableFuture<Void> provisioned = backend.provision(consumes());
        List<Boolean> ended = new ArrayList<>();
        consumer.onQuestion(() -> {
            consumer.onQuestion(() -> {});
            var unused = backend.close(Duration.ZERO);
            ended.add(provisioned.isDone());
            throw new WakeupException();
        });
        runtime.runAll();
        assertThat(ended).containsExactly(true);
        assertThat(consumer.wakeups()).isOne();
        assertThat(consumer.closed()).isTrue();
        assertThat(provisioned)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .matches(error -> is(error, ErrorCode.CLIENT_CLOSED));
    }

    /** Names are unknown until the test says so. */
    private final class Resolving implements KafkaClients {
        private boolean resolvable;
        private int asked;
        private Runnable meanwhile = () -> {};

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
            return producer;
        }

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            asked++;
            meanwhile.run();
            if (!resolvable) {
                throw new KafkaException(
                        "Failed to construct",
                        new ConfigException("No resolvable bootstrap urls given in bootstrap.servers"));
            }
            return consumer;
        }

        @Override
        public Admin admin(Map<String, Object> settings) {
            return new ScriptedAdmin().admin();
        }
    }

    private static void namesHosts(Throwable error) {
        assertThat(error)
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContainingAll("nowhere.invalid", "neither.invalid", "resolved");
        assertThat(is(error, ErrorCode.NO_BROKERS_AVAILABLE)).isTrue();
    }

    private static boolean is(Throwable error, ErrorCode code) {
        return MessagingException.is(error, code);
    }

    private KafkaBackend backend(KafkaClients clients, String brokers) {
        return new KafkaBackend(KafkaOptions.builder().brokers(brokers).build(), context(), clients);
    }

    private BackendContext context() {
        return new BackendContext("client", runtime, heard, heard, Duration.ofSeconds(1));
    }

    private ConsumerSpec consumes() {
        return new ConsumerSpec(
                "group", List.of("topic"), StartPosition.NEWEST, OrderingMode.PARTITION, 1, 100_000, null, heard);
    }

    private ProducerSpec sends() {
        return new ProducerSpec(Duration.ofSeconds(30), 1_000, 1_000_000, heard);
    }
}
