package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.observe.PositionReset;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Between two polls: pins the partitions that were assigned and shows them to the engine, and sets those right whose position the broker no longer
 * has. On the poll thread.
 */
final class Pinning {
    private final Session session;
    private final Consumer<byte[], byte[]> consumer;
    private final Holdings holdings;
    private final Questions questions;
    private final Map<TopicPartition, Long> outOfRange = new LinkedHashMap<>();

    /** How it asks the broker. */
    record Questions(DriverCalls driver, TopicIds ids, PositionResolver resolver, Attempts attempts) {}

    Pinning(Session session, Consumer<byte[], byte[]> consumer, Holdings holdings, Questions questions) {
        this.session = session;
        this.consumer = consumer;
        this.holdings = holdings;
        this.questions = questions;
    }

    /** As long as it goes well and quickly: one question without an answer is as long as the polls may wait. */
    void pin() {
        long begun = session.now();
        List<TopicPartition> next = holdings.unpinned().next(begun);
        while (!next.isEmpty() && session.now() - begun < DriverCalls.QUESTION.toNanos()) {
            List<TopicPartition> together = next;
            Runnable pin = () -> begin(questions.resolver().resolve(together));
            if (!questions.attempts().attempt("Pinning " + together, pin)) {
                holdings.unpinned().failed(together, session.now());
                return;
            }
            next = holdings.unpinned().next(session.now());
        }
    }

    /** The engine begins partitions running, so they are resumed. */
    private void begin(Map<TopicPartition, PositionResolver.Position> positions) {
        Set<Assignment> fresh = new LinkedHashSet<>();
        positions.forEach((partition, position) -> {
            tellIfAnew(partition, position);
            consumer.seek(partition, position.offset());
            fresh.add(holdings.hold(partition, position).assignment());
        });
        consumer.resume(positions.keySet());
        session.listener().assigned(fresh);
    }

    private void tellIfAnew(TopicPartition partition, PositionResolver.Position position) {
        Long left = holdings.left(partition);
        Long from = left != null ? left : position.former();
        if (position.madeAnew() && from != null) {
            tell(partition, from, position.offset(), "was reading a topic that has been deleted and made anew");
        }
    }

    /**
     * Lets go of partitions whose topic has been made anew while they were held, and has them pinned again. What the driver fetched at the old
     * position is dropped by the seek that follows; what the engine has of it is acknowledged for the old topic, so it means nothing in the new one.
     */
    void startAnew() {
        List<Holding> past = new ArrayList<>();
        for (Holding holding : holdings.all()) {
            if (questions
                    .ids()
                    .isPast(holding.partition().topic(), holding.pin().topicId())) {
                past.add(holding);
            }
        }
        if (past.isEmpty()) {
            return;
        }
        List<TopicPartition> partitions = Holdings.partitions(past);
        consumer.pause(partitions);
        partitions.forEach(outOfRange::remove);
        holdings.remove(partitions);
        session.listener().lost(Holdings.assignments(past));
        holdings.assigned(partitions);
    }

    /** The broker does not have the offsets that were wanted, by partition. */
    void outOfRange(Map<TopicPartition, Long> wanted) {
        outOfRange.putAll(wanted);
    }

    /** What was wanted is no longer at the broker: go on at the beginning of what is, and say so. */
    void backInRange() {
        // One that was taken away meanwhile begins again where it is pinned; asking for it would keep others waiting.
        outOfRange.keySet().removeIf(partition -> holdings.get(partition) == null);
        if (outOfRange.isEmpty()) {
            return;
        }
        Set<String> topics = new TreeSet<>();
        outOfRange.keySet().forEach(partition -> topics.add(partition.topic()));
        questions.ids().learn(topics);
        startAnew();
        Map<TopicPartition, Long> beginnings = outOfRange.isEmpty()
                ? new LinkedHashMap<>()
                : questions.driver().beginningOffsets(outOfRange.keySet());
        outOfRange.forEach((partition, from) -> {
            long to = Objects.requireNonNull(beginnings.get(partition), "beginning");
            tell(partition, from, to, "wanted an offset that the broker no longer has");
            Holding holding = holdings.get(partition);
            if (holding != null) {
                reset(holding, from, to);
            }
        });
        outOfRange.clear();
    }

    private void tell(TopicPartition partition, long from, long to, String what) {
        PositionReset event = new PositionReset(partition.topic(), partition.partition(), from, to);
        session.spec()
                .logger()
                .log(
                        System.Logger.Level.WARNING,
                        "Group '" + session.group() + "' " + what + ": " + event
                                + ". Reading goes on at the beginning; messages that were deleted before they were handled are lost.");
        session.context().observer().positionReset(event);
    }

    private void reset(Holding holding, long from, long to) {
        TopicPartition partition = holding.partition();
        if (to >= from) {
            consumer.seek(partition, to);
            holding.positions().advanced(to);
            return;
        }
        // The topic was cut, or made anew by a broker that does not tell ids: offsets, and so tags, begin again, which
        // needs an epoch of its own. All in it is new: count none.
        session.listener().lost(Holdings.assignments(List.of(holding)));
        PinMetadata pin = new PinMetadata(0, holding.pin().topicId());
        begin(Collections.singletonMap(partition, new PositionResolver.Position(to, pin, false, null)));
    }
}
