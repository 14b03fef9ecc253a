package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.kafka.KafkaPartitioner;
import io.microservicekit.messaging.kafka.internal.shared.CallingThread;
import io.microservicekit.messaging.kafka.internal.shared.PendingSend;
import io.microservicekit.messaging.kafka.internal.shared.SendDriver;
import java.time.Duration;
import java.util.Collections;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Maps one message onto {@link Producer#send}, with {@code max.block.ms=0}. The driver tells that it would block by calling back with a
 * {@link TimeoutException} on the calling thread, inside the call: metadata is missing (and now asked for) or the buffer is full. What entered its
 * accumulator is called back after the call returned or from the driver's own thread, so the two cannot be mixed up.
 */
final class KafkaSendDriver implements SendDriver {
    private final Producer<byte[], byte[]> producer;
    private final KafkaPartitioner partitioner;
    private final Consumer<Runnable> onIo;
    private final DriverFacts facts;
    private final CallingThread calling = new CallingThread();

    /** With what marks the driver's thread while it calls back, so that nobody waits there. */
    KafkaSendDriver(Producer<byte[], byte[]> producer, KafkaPartitioner partitioner, Consumer<Runnable> onIo) {
        this.producer = producer;
        this.partitioner = partitioner;
        this.onIo = onIo;
        this.facts = DriverFacts.of(producer, calling);
    }

    static RenewedDriver.Driver of(
            Producer<byte[], byte[]> producer, KafkaPartitioner partitioner, Consumer<Runnable> onIo) {
        try {
            KafkaSendDriver sending = new KafkaSendDriver(producer, partitioner, onIo);
            return new RenewedDriver.Driver(sending, producer::close, sending.facts);
        } catch (Throwable e) {
            // As when there is no memory: nobody else would end its threads.
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    @Override
    public boolean trySend(PendingSend send) {
        ProducerRecord<byte[], byte[]> record;
        try {
            record = record(send);
        } catch (InterruptException e) {
            return false;
        } catch (Throwable e) {
            if (wouldBlock(e) || SendFailures.isOfClose(e)) {
                // How many partitions there are is not known yet: as if the driver had said so itself.
                return false;
            }
            // The driver has not seen it.
            send.refused(SendFailures.refused(send.topic(), reason(send.topic(), e)));
            return true;
        }
        return trySend(send, record);
    }

    private boolean trySend(PendingSend send, ProducerRecord<byte[], byte[]> record) {
        Outcome outcome = new Outcome(send, onIo, facts, calling);
        try {
            // The callback hears whatever the future would tell.
            var unused = producer.send(record, outcome);
        } catch (InterruptException e) {
            // Its constructor has set the thread's interrupt flag again; the message comes through the queue instead.
            return false;
        } catch (SerializationException e) {
            send.refused(SendFailures.refused(send.topic(), e));
        } catch (Throwable e) {
            if (SendFailures.isOfClose(e)) {
                // With its producer, whose gate refuses the message then, or because another one takes its place.
                return false;
            }
            // The driver may have appended the message before it saw that it can no longer go on. Nor may an error
            // leave the message at the head of its queue.
            send.refused(SendFailures.of(send.topic(), e));
        }
        return outcome.entered();
    }

    private ProducerRecord<byte[], byte[]> record(PendingSend send) {
        Message message = send.message();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                message.topic(), partition(message), send.timestampMillis(), message.key(), message.value());
        message.headers().forEach((name, value) -> record.headers().add(name, value));
        return record;
    }

    /** Null leaves it to the driver. All partitions count, also those without a leader: a key must not move while one is elected. */
    private @Nullable Integer partition(Message message) {
        byte[] key = message.key();
        return key == null || partitioner == KafkaPartitioner.MURMUR2
                ? null
                : Integer.valueOf(SaramaFnv1a.partition(
                        key, producer.partitionsFor(message.topic()).size()));
    }

    private static boolean wouldBlock(@Nullable Throwable error) {
        return error instanceof TimeoutException && !(error.getCause() instanceof TopicAuthorizationException);
    }

    /** Of a topic that we may not see the driver says that it timed out, caused by what the broker had said of it. */
    private static Throwable reason(String topic, Throwable error) {
        return error.getCause() instanceof TopicAuthorizationException missing
                ? new TopicAuthorizationException(missing.getMessage(), Collections.singleton(topic))
                : error;
    }

    /** Hears the driver's answer; knows whether it came inside the call. */
    private static final class Outcome implements Callback {
        private final PendingSend send;
        private final Consumer<Runnable> onIo;
        private final DriverFacts facts;
        private final CallingThread drivers;
        private @Nullable Thread calling = Thread.currentThread();
        private boolean wouldBlock;

        Outcome(PendingSend send, Consumer<Runnable> onIo, DriverFacts facts, CallingThread drivers) {
            this.send = send;
            this.onIo = onIo;
            this.facts = facts;
            this.drivers = drivers;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception error) {
            if (calling == Thread.currentThread()) {
                insideTheCall(metadata, error);
            } else {
                drivers.isThis();
                onIo.accept(() -> onTheDriversThread(metadata, error));
            }
        }

        private void onTheDriversThread(@Nullable RecordMetadata metadata, @Nullable Exception error) {
            if (error == null && metadata != null) {
                send.delivered(result(metadata));
            } else {
                send.failed(failure(cause(error)));
            }
        }

        /** A message that expires may be sent in the same breath, before it is counted: of those nothing is proven. */
        private MessagingException failure(Throwable cause) {
            if (cause instanceof TimeoutException || facts.attempted().getAsBoolean()) {
                return SendFailures.of(send.topic(), cause);
            }
            return facts.mayBeStuck()
                    ? SendFailures.unauthenticated(send.topic(), cause)
                    : SendFailures.refused(send.topic(), cause);
        }

        private void insideTheCall(@Nullable RecordMetadata metadata, @Nullable Exception error) {
            if (error == null && metadata != null) {
                send.delivered(result(metadata));
            } else if (wouldBlock(error)) {
                wouldBlock = true;
            } else {
                send.refused(SendFailures.refused(send.topic(), reason(send.topic(), cause(error))));
            }
        }

        /** After the call: only callbacks inside it can have set the flag. */
        boolean entered() {
            calling = null;
            return !wouldBlock;
        }

        private static Throwable cause(@Nullable Exception error) {
            return error == null ? new IllegalStateException("the driver gave neither metadata nor an error") : error;
        }

        private SendResult result(RecordMetadata metadata) {
            long offset = metadata.hasOffset() ? metadata.offset() : -1;
            return new SendResult(send.topic(), metadata.partition(), offset, send.timestampMillis(), true, true);
        }
    }
}
