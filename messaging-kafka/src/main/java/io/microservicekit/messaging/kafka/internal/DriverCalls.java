package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The driver's calls, those that may block with a limit. A wake-up is meant for the poll but may hit any call, also inside a rebalance callback, and
 * with {@code group.protocol=consumer} an interruption may hit each that seems to be local: the call is made again. All of them can be repeated
 * without harm.
 */
final class DriverCalls {
    /** Of a commit before partitions go. */
    static final Duration LIMIT = Duration.ofSeconds(5);
    /** Of a question: it keeps the polls waiting, and can be asked again. */
    static final Duration QUESTION = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final BooleanSupplier closing;
    private final Runnable sign;
    private final Supplier<Duration> limit;

    /** With what each call begins, as a sign that the one before has come back. */
    DriverCalls(Consumer<byte[], byte[]> consumer, BooleanSupplier closing, Runnable sign) {
        this(consumer, closing, sign, () -> QUESTION);
    }

    /** With how long the next question may take; it throws what ends it when that is no time at all. */
    DriverCalls(Consumer<byte[], byte[]> consumer, BooleanSupplier closing, Runnable sign, Supplier<Duration> limit) {
        this.consumer = consumer;
        this.closing = closing;
        this.sign = sign;
        this.limit = limit;
    }

    /** How long the next question may take. */
    Duration limit() {
        return limit.get();
    }

    /** The poll thread is not inside the driver, or about to call it. */
    void giveSign() {
        sign.run();
    }

    /** As far as is known; 0 when the topic does not exist. */
    int partitionCount(String topic) {
        return question(() -> consumer.partitionsFor(topic, limit())).size();
    }

    Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return question(() -> consumer.committed(partitions, limit()));
    }

    Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return question(() -> consumer.endOffsets(partitions, limit()));
    }

    Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return question(() -> consumer.beginningOffsets(partitions, limit()));
    }

    /** The first message at or after a time, for the partitions that have one. */
    Map<TopicPartition, Long> offsetsForTime(Collection<TopicPartition> partitions, long millis) {
        Map<TopicPartition, Long> times = new LinkedHashMap<>();
        partitions.forEach(partition -> times.put(partition, millis));
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        question(() -> consumer.offsetsForTimes(times, limit())).forEach((partition, found) -> {
            if (found != null) {
                offsets.put(partition, found.offset());
            }
        });
        return offsets;
    }

    /** Not given up when the consumer is being closed: this is what the close waits for. */
    void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration limit) {
        undisturbed(() -> consumer.commitSync(offsets, limit));
    }

    void seek(TopicPartition partition, long offset) {
        undisturbed(() -> consumer.seek(partition, offset));
    }

    void pause(Collection<TopicPartition> partitions) {
        undisturbed(() -> consumer.pause(partitions));
    }

    void resume(Collection<TopicPartition> partitions) {
        undisturbed(() -> consumer.resume(partitions));
    }

    private void undisturbed(Runnable call) {
        repeated(
                () -> {
                    call.run();
                    return true;
                },
                () -> false);
    }

    private <T> T question(Supplier<T> question) {
        return repeated(question, closing);
    }

    private <T> T repeated(Supplier<T> question, BooleanSupplier givenUp) {
        while (true) {
            sign.run();
            try {
                return question.get();
            } catch (WakeupException e) {
                if (givenUp.getAsBoolean()) {
                    throw e;
                }
            } catch (InterruptException e) {
                // Nobody who interrupts this thread knows what it does; the end of it is asked for by a command.
                Thread.interrupted();
                if (givenUp.getAsBoolean()) {
                    throw e;
                }
            }
        }
    }
}
