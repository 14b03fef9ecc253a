package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.kafka.KafkaPartitioner;
import io.microservicekit.messaging.kafka.internal.shared.PendingSend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over the driver's own mock. */
class KafkaSendDriverTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final KafkaSendDriver driver = new KafkaSendDriver(producer, KafkaPartitioner.MURMUR2, callback -> {
        throw new AssertionError("it answers inside the call");
    });

    @Test
    void aMessageThatTheDriverCannotEvenExpressIsNotDelivered() {
        PendingSend send = pending(-5);
        assertThat(driver.trySend(send)).isTrue();
        assertThat(send.wasRefused()).isTrue();
        assertThat(producer.history()).isEmpty();
        assertThat(send.future())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        SendException.class,
                        error -> assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED));
    }

    @Test
    void thatTheThreadOfTheDriverHasEndedIsKnownOnceItHasCalledBack() throws Exception {
        MockProducer<byte[], byte[]> slow =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        RenewedDriver.Driver made = KafkaSendDriver.of(slow, KafkaPartitioner.MURMUR2, Runnable::run);
        PendingSend send = pending(5);
        made.sending().trySend(send);
        assertThat(made.facts().ended().getAsBoolean()).isFalse();
        boolean[] seen = new boolean[1];
        Thread drivers = new Thread(() -> {
            slow.completeNext();
            seen[0] = made.facts().ended().getAsBoolean();
        });
        drivers.start();
        drivers.join();
        assertThat(send.future()).isCompleted();
        assertThat(seen[0]).isFalse();
        assertThat(made.facts().ended().getAsBoolean()).isTrue();
    }

    @Test
    void aMessageThatTheDriverTakesIsConfirmed() {
        PendingSend send = pending(5);
        assertThat(driver.trySend(send)).isTrue();
        assertThat(send.future()).isCompleted();
        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void whatTheDriverCallsBackAfterTheCallRunsMarkedOnItsOwnThread() throws Exception {
        List<Thread> marked = new CopyOnWriteArrayList<>();
        MockProducer<byte[], byte[]> later =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        KafkaSendDriver marking = new KafkaSendDriver(later, KafkaPartitioner.MURMUR2, callback -> {
            marked.add(Thread.currentThread());
            callback.run();
        });
        PendingSend confirmed = pending(5);
        marking.trySend(confirmed);
        PendingSend failed = pending(6);
        marking.trySend(failed);
        Thread drivers = new Thread(() -> {
            later.completeNext();
            later.errorNext(new IllegalStateException("planted"));
        });
        drivers.start();
        drivers.join();
        assertThat(marked).containsExactly(drivers, drivers);
        assertThat(confirmed.future()).isCompleted();
        assertThat(failed.future()).isCompletedExceptionally();
    }

    @Test
    void whatADriverHeldThatHasNeverSentAnythingIsNotDelivered() {
        assertThat(endedByTheDriver(new KafkaException("Producer is closed forcefully."), 0, 0))
                .extracting(SendException::outcome, SendException::code)
                .containsExactly(SendOutcome.NOT_DELIVERED, ErrorCode.SEND_MESSAGE);
        assertThat(endedByTheDriver(new KafkaException("Producer is closed forcefully."), 0, 1))
                .extracting(SendException::outcome, SendException::code)
                .containsExactly(SendOutcome.NOT_DELIVERED, ErrorCode.AUTHENTICATION);
    }

    @Test
    void whatADriverHeldThatHasSentSomethingMayBeThere() {
        assertThat(endedByTheDriver(new KafkaException("Producer is closed forcefully."), 1, 1))
                .extracting(SendException::outcome)
                .isEqualTo(SendOutcome.UNKNOWN);
        assertThat(endedByTheDriver(new TopicAuthorizationException(Set.of("topic")), 1, 0))
                .extracting(SendException::outcome, SendException::code)
                .containsExactly(SendOutcome.UNKNOWN, ErrorCode.AUTHORIZATION);
    }

    /** It may be sent in the same breath as it expires. */
    @Test
    void whatExpiresInADriverThatHasCountedNothingMayBeThereAllTheSame() {
        assertThat(endedByTheDriver(new TimeoutException("expiring"), 0, 0))
                .extracting(SendException::outcome)
                .isEqualTo(SendOutcome.UNKNOWN);
    }

    private static SendException endedByTheDriver(RuntimeException error, int sent, int refused) {
        MockProducer<byte[], byte[]> later =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        counts(later, "record-send-total", sent);
        counts(later, "failed-authentication-total", refused);
        PendingSend send = pending(5);
        new KafkaSendDriver(later, KafkaPartitioner.MURMUR2, Runnable::run).trySend(send);
        CompletableFuture.runAsync(() -> later.errorNext(error)).join();
        return (SendException)
                send.future().handle((result, failure) -> failure).join();
    }

    private static void counts(MockProducer<?, ?> producer, String name, int count) {
        MetricName metric = new MetricName(name, "producer-metrics", "", Map.of());
        producer.setMockMetrics(
                metric,
                new KafkaMetric(
                        new Object(), metric, (Gauge<Double>) (config, now) -> (double) count, null, Time.SYSTEM));
    }

    @Test
    void aDriverThatIsClosedTakesNothing() {
        PendingSend send = pending(5);
        var closed = new IllegalStateException("Cannot perform operation after producer has been closed");
        assertThat(refusing(closed).trySend(send)).isFalse();
        assertThat(send.future()).isNotDone();
    }

    @Test
    void anErrorInsideTheCallEndsTheMessage() {
        NoClassDefFoundError error = new NoClassDefFoundError("of/a/Codec");
        MockProducer<byte[], byte[]> broken =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<byte[], byte[]> record, Callback callback) {
                        throw error;
                    }
                };
        PendingSend send = pending(5);
        assertThat(new KafkaSendDriver(broken, KafkaPartitioner.MURMUR2, Runnable::run).trySend(send))
                .isTrue();
        assertThat(send.future()).isCompletedExceptionally();
    }

    /** Nothing was appended. Its producer may be open, with another driver to come; where it closes, its gate tells so. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Producer closed while send in progress",
                "Cannot perform operation after producer has been closed",
                "Requested metadata update after close"
            })
    void whatADriverThatClosesDoesNotTakeComesAgainThroughTheQueue(String said) {
        PendingSend send = pending(5);
        assertThat(refusing(new KafkaException(said)).trySend(send)).isFalse();
        assertThat(sarama(new KafkaException(said)).trySend(send)).isFalse();
        assertThat(send.future()).isNotDone();
    }

    @Test
    void anotherIllegalStateMayComeAfterTheMessageWasTaken() {
        PendingSend send = pending(5);
        assertThat(refusing(new IllegalStateException("in a fatal state")).trySend(send))
                .isTrue();
        endedAs(send, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
    }

    @Test
    void whateverElseTheDriverThrowsMayHaveHappenedAfterItTookTheMessage() {
        PendingSend send = pending(5);
        assertThat(refusing(new KafkaException("Producer is closed forcefully."))
                        .trySend(send))
                .isTrue();
        endedAs(send, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
    }

    private static void endedAs(PendingSend send, ErrorCode code, SendOutcome outcome) {
        assertThat(send.future())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.outcome()).isEqualTo(outcome);
                });
    }

    private KafkaSendDriver refusing(RuntimeException whenSending) {
        producer.sendException = whenSending;
        return driver;
    }

    /** With this partitioner it is we who ask how many partitions there are, and hear why nobody tells. */
    @Test
    void aMissingRightIsNamedAlsoWhenTheNumberOfPartitionsIsAskedFor() {
        TopicAuthorizationException missing = new TopicAuthorizationException("Not authorized");
        PendingSend send = pending(5);
        assertThat(sarama(new TimeoutException("not present in metadata", missing))
                        .trySend(send))
                .isTrue();
        assertThat(send.wasRefused()).isTrue();
        assertThat(send.future())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .withMessageContaining("Grant Write on topic 'topic'")
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.AUTHORIZATION);
                    assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
                });
    }

    @Test
    void aNumberOfPartitionsThatIsNotKnownYetIsWaitedFor() {
        PendingSend send = pending(5);
        assertThat(sarama(new TimeoutException("not present in metadata")).trySend(send))
                .isFalse();
        assertThat(send.future()).isNotDone();
    }

    private static KafkaSendDriver sarama(RuntimeException whenAsked) {
        return new KafkaSendDriver(
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public List<PartitionInfo> partitionsFor(String topic) {
                        throw whenAsked;
                    }
                },
                KafkaPartitioner.SARAMA_FNV1A,
                Runnable::run);
    }

    private static PendingSend pending(long timestampMillis) {
        Message message =
                Message.builder("topic").keyText("key").valueText("value").build();
        return new PendingSend(message, timestampMillis, Duration.ofSeconds(1), 0, new CompletableFuture<>());
    }
}
