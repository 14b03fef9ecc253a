package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The adapter over a driver whose consumer dies as a process does: from one call on nothing more is committed and the group is not left, so that the
 * broker notices by the session timeout only. The call is chosen beforehand, or it is the next one.
 */
public final class CrashableKafka implements KafkaClients {
    private static final int NEVER = Integer.MAX_VALUE;

    private final AtomicInteger callsLeft = new AtomicInteger(NEVER);
    private final AtomicInteger pinningCallsLeft = new AtomicInteger(NEVER);
    private volatile boolean crashed;
    private volatile String where = "alive";

    /** Opens a backend for one consumer. */
    public Backend open(KafkaOptions options, BackendContext context) {
        return new KafkaBackend(options, context, this);
    }

    /** Crashes at a later call of the driver; 0 is the next one. */
    public void crashAfter(int calls) {
        callsLeft.set(calls);
    }

    /** Crashes at a later call that is no poll: most of those pin positions. */
    public void crashWhilePinning(int calls) {
        pinningCallsLeft.set(calls);
    }

    public boolean crashed() {
        return crashed;
    }

    /** The call that it crashed in. */
    public String where() {
        return where;
    }

    @Override
    public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
        return new KafkaClients.Real().producer(settings);
    }

    @Override
    public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        return new CrashableConsumer(settings);
    }

    @Override
    public Admin admin(Map<String, Object> settings) {
        return new KafkaClients.Real().admin(settings);
    }

    private void call(String name) {
        boolean anyDue = due(callsLeft);
        boolean pinningDue = !name.equals("poll") && due(pinningCallsLeft);
        if (!crashed && (anyDue || pinningDue)) {
            where = name;
            crashed = true;
        }
        if (crashed) {
            throw new Crashed();
        }
    }

    private static boolean due(AtomicInteger left) {
        return left.get() != NEVER && left.getAndDecrement() <= 0;
    }

    /** With a class of its own, as what ends a consumer has; one without is taken for what passes, and tried again. */
    private static final class Crashed extends KafkaException {
        private static final long serialVersionUID = 1;

        Crashed() {
            super("crashed by the test");
        }
    }

    private final class CrashableConsumer extends KafkaConsumer<byte[], byte[]> {
        CrashableConsumer(Map<String, Object> settings) {
            super(settings);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            call("poll");
            return super.poll(timeout);
        }

        @Override
        public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
            call("committed");
            return super.committed(partitions, timeout);
        }

        @Override
        public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
            call("endOffsets");
            return super.endOffsets(partitions, timeout);
        }

        @Override
        public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            call("before commitSync");
            super.commitSync(offsets, timeout);
            call("after commitSync");
        }

        @Override
        public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
            call("commitAsync");
            super.commitAsync(offsets, callback);
        }

        @Override
        public void close(CloseOptions options) {
            super.close(
                    crashed
                            ? CloseOptions.timeout(Duration.ZERO)
                                    .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP)
                            : options);
        }
    }
}
