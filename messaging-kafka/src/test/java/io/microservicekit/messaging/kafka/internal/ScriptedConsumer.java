package io.microservicekit.messaging.kafka.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The driver's own mock, with commits that fail when the test says so. */
final class ScriptedConsumer extends MockConsumer<byte[], byte[]> {
    static final TopicPartition PARTITION = new TopicPartition("topic", 0);
    /** Another one of the topic, once it has grown. */
    static final TopicPartition OTHER = new TopicPartition("topic", 1);

    private static final int MAX_POLLS = 1_000;

    private final Queue<RuntimeException> commitFailures = new ArrayDeque<>();
    private final List<Long> committed = new ArrayList<>();
    private final List<String> asynchronous = new ArrayList<>();
    private final List<TopicPartition> withoutLeader = new ArrayList<>();
    private OffsetAndMetadata last;
    private Error commitError;
    private RuntimeException localFailure;
    private int localCallsLeft;
    private boolean moving;
    private boolean silent;
    private final List<java.util.function.Consumer<RuntimeException>> late = new ArrayList<>();
    private Duration lastLimit = Duration.ZERO;
    private final List<String> limits = new ArrayList<>();
    private RuntimeException asyncFailure;
    private final Map<String, RuntimeException> deleted = new LinkedHashMap<>();
    private java.util.function.Consumer<Duration> passing;
    private KafkaException pollFailure;
    private int pollFailures;
    private Runnable onQuestion = () -> {};
    private Runnable onCommit = () -> {};
    private int unanswered;
    private int commits;
    private int polls;
    private int wakeups;

    ScriptedConsumer(long end) {
        super("none");
        updatePartitions("topic", List.of(info(0)));
        bounds(0, end);
    }

    /** The topic has both partitions. */
    void grow() {
        updatePartitions("topic", List.of(info(0), info(1)));
    }

    private static PartitionInfo info(int partition) {
        return new PartitionInfo("topic", partition, null, null, null);
    }

    /** What each partition has, from and to. */
    void bounds(long beginning, long end) {
        updateBeginningOffsets(offsets(beginning));
        updateEndOffsets(offsets(end));
    }

    private static Map<TopicPartition, Long> offsets(long offset) {
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        offsets.put(PARTITION, offset);
        offsets.put(OTHER, offset);
        return offsets;
    }

    /** Nobody answers for its ends until it has a leader again. */
    void loseLeader(TopicPartition partition) {
        withoutLeader.add(partition);
    }

    void electLeader(TopicPartition partition) {
        withoutLeader.remove(partition);
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        askLeaders(partitions);
        return super.endOffsets(partitions, timeout);
    }

    @Override
    public synchronized Map<TopicPartition, Long> beginningOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
        askLeaders(partitions);
        return super.beginningOffsets(partitions, timeout);
    }

    @Override
    public synchronized void wakeup() {
        wakeups++;
        super.wakeup();
    }

    int wakeups() {
        return wakeups;
    }

    /** What happens while a question is asked. */
    void onQuestion(Runnable action) {
        onQuestion = action;
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
            Set<TopicPartition> partitions, Duration timeout) {
        onQuestion.run();
        return super.committed(partitions, timeout);
    }

    /** What happens while a synchronous commit is under way. */
    void onCommit(Runnable action) {
        onCommit = action;
    }

    private void askLeaders(Collection<TopicPartition> partitions) {
        onQuestion.run();
        if (!Collections.disjoint(withoutLeader, partitions)) {
            unanswered++;
            throw new TimeoutException("no leader");
        }
    }

    /** How many questions nobody answered. */
    int unanswered() {
        return unanswered;
    }

    /** One of the next calls that seek, pause or resume fails before it does anything; 0 is the next one. */
    void failLocalCall(int number, RuntimeException failure) {
        localCallsLeft = number;
        localFailure = failure;
    }

    boolean hasFailedLocalCall() {
        return localFailure == null;
    }

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
        localCall();
        super.seek(partition, offset);
    }

    @Override
    public synchronized void pause(Collection<TopicPartition> partitions) {
        localCall();
        super.pause(partitions);
    }

    @Override
    public synchronized void resume(Collection<TopicPartition> partitions) {
        localCall();
        super.resume(partitions);
    }

    private void localCall() {
        RuntimeException failure = localFailure;
        if (failure != null && localCallsLeft-- == 0) {
            localFailure = null;
            throw asTheDriverLeaves(failure);
        }
    }

    private static RuntimeException asTheDriverLeaves(RuntimeException failure) {
        if (failure instanceof InterruptException) {
            Thread.currentThread().interrupt();
        }
        return failure;
    }

    /** The next synchronous commit meets a bug. */
    void failCommit(Error error) {
        commitError = error;
    }

    /** The next polls fail, before they do anything. */
    void failPolls(int times, KafkaException failure) {
        pollFailures = times;
        pollFailure = failure;
    }

    /** The next commit fails. */
    void failCommit(RuntimeException failure) {
        commitFailures.add(failure);
    }

    /** From now on no asynchronous commit is answered, or each is again. */
    void beSilent(boolean now) {
        silent = now;
    }

    /** Answers one of the commits that were met with silence, counted from 0; null for success. */
    void answer(int commit, RuntimeException error) {
        late.get(commit).accept(error);
    }

    /** The next asynchronous commit is given up inside the call, and nobody calls back. */
    void failAsyncCall(RuntimeException failure) {
        asyncFailure = failure;
    }

    /** Each commit with a partition of this topic fails, as the driver says it. */
    void delete(String topic) {
        delete(topic, new RetriableCommitFailedException(new UnknownTopicOrPartitionException()));
    }

    /** What an asynchronous commit with a partition of this topic is told; null when it is there again. */
    void delete(String topic, RuntimeException told) {
        deleted.put(topic, told);
    }

    /** Null when each of these topics is there. */
    private RuntimeException deleted(Map<TopicPartition, OffsetAndMetadata> offsets) {
        return offsets.keySet().stream()
                .map(partition -> deleted.get(partition.topic()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** As the driver does, it asks for a topic that is deleted until the limit of a synchronous commit has passed, and says no more than that. */
    void askAgain(java.util.function.Consumer<Duration> passing) {
        this.passing = passing;
    }

    /** The topics of each asynchronous commit. */
    List<String> asynchronous() {
        return asynchronous;
    }

    /** The topic of each partition of a synchronous commit, and how long it was to take at the most. */
    List<String> limits() {
        return limits;
    }

    /** How long the last synchronous commit was to take at the most. */
    Duration lastLimit() {
        return lastLimit;
    }

    /** The group is between two assignments: as the driver does, each commit is refused until {@link #rejoin}. */
    void move() {
        moving = true;
    }

    /** The next assignment is there. The driver may begin another round at once: then it takes commits in its callbacks only. */
    void rejoin(List<TopicPartition> partitions, boolean anotherRound) {
        moving = false;
        rebalance(partitions);
        moving = anotherRound;
    }

    private void refuseWhileMoving() {
        if (moving) {
            throw new RebalanceInProgressException("moving");
        }
    }

    /** How often it was polled. */
    int polls() {
        return polls;
    }

    /** The offsets that the broker took, in their order; one that only was repeated counts once. */
    List<Long> committed() {
        return committed;
    }

    /** What the broker took last. */
    OffsetAndMetadata lastCommit() {
        return last;
    }

    /** How often the broker took something, repetitions included. */
    int commits() {
        return commits;
    }

    void addRecords(long from, int count) {
        for (long offset = from; offset < from + count; offset++) {
            addRecord(new ConsumerRecord<>("topic", 0, offset, new byte[0], new byte[0]));
        }
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        polls++;
        if (polls > MAX_POLLS) {
            throw new IllegalStateException("the test did not close the consumer");
        }
        if (pollFailures > 0) {
            pollFailures--;
            throw pollFailure;
        }
        return super.poll(timeout);
    }

    @Override
    public synchronized void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        RuntimeException thrown = asyncFailure;
        asyncFailure = null;
        if (thrown != null) {
            throw asTheDriverLeaves(thrown);
        }
        if (silent) {
            late.add(error -> callback.onComplete(offsets, error));
            return;
        }
        asynchronous.add(
                offsets.keySet().stream().map(TopicPartition::topic).sorted().collect(Collectors.joining(" ")));
        RuntimeException failure = moving ? new RebalanceInProgressException("moving") : commitFailures.poll();
        if (failure == null) {
            failure = deleted(offsets);
        }
        if (failure == null) {
            take(offsets);
        }
        callback.onComplete(offsets, failure);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        lastLimit = timeout;
        offsets.keySet().forEach(partition -> limits.add(partition.topic() + " " + timeout));
        onCommit.run();
        refuseWhileMoving();
        RuntimeException failure = commitFailures.poll();
        if (failure != null) {
            throw asTheDriverLeaves(failure);
        }
        if (commitError != null) {
            throw commitError;
        }
        refuseDeleted(offsets, timeout);
        take(offsets);
    }

    private void refuseDeleted(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        if (deleted(offsets) == null) {
            return;
        }
        if (passing == null) {
            throw new KafkaException("Topic or Partition does not exist");
        }
        passing.accept(timeout);
        throw new TimeoutException("Timeout of " + timeout + " expired before successfully committing offsets");
    }

    private void take(Map<TopicPartition, OffsetAndMetadata> offsets) {
        OffsetAndMetadata taken = offsets.get(PARTITION);
        commits++;
        if (taken != null && !taken.equals(last)) {
            last = taken;
            committed.add(taken.offset());
        }
        super.commitAsync(offsets, null);
    }
}
