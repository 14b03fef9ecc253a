package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.observe.PositionReset;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Between two polls: pins the partitions that were assigned and shows them to the engine, and sets those right whose position the broker no longer
 * has. On the poll thread.
 */
final class Pinning {
    private final Session session;
    private final Holdings holdings;
    private final Questions questions;
    private final OutOfRange outOfRange;
    private long idsSeen;

    /** How it asks the broker. */
    record Questions(DriverCalls driver, TopicIds ids, PositionResolver resolver, Attempts attempts) {}

    Pinning(Session session, Holdings holdings, Questions questions) {
        this.session = session;
        this.holdings = holdings;
        this.questions = questions;
        this.outOfRange = new OutOfRange(holdings);
    }

    /** As long as it goes well and quickly: one question without an answer is as long as the polls may wait. */
    void pin() {
        long begun = session.now();
        List<TopicPartition> next = holdings.unpinned().next(begun);
        while (!next.isEmpty() && session.now() - begun < DriverCalls.QUESTION.toNanos()) {
            List<TopicPartition> together = next;
            Runnable pin = () -> begin(questions.resolver().resolve(together));
            if (!questions.attempts().attemptPatiently("Pinning " + together, pin)) {
                holdings.unpinned().failed(together, session.now());
                return;
            }
            next = holdings.unpinned().next(session.now());
        }
    }

    private void begin(Map<TopicPartition, PositionResolver.Position> positions) {
        place(positions);
        positions.forEach(this::tellIfAnew);
        show(positions);
    }

    /** The engine begins partitions running, so they are resumed. All that may fail comes before any is held: what is held is not pinned again. */
    private void place(Map<TopicPartition, PositionResolver.Position> positions) {
        positions.forEach((partition, position) -> questions.driver().seek(partition, position.offset()));
        questions.driver().resume(positions.keySet());
    }

    private void show(Map<TopicPartition, PositionResolver.Position> positions) {
        Set<Assignment> fresh = new LinkedHashSet<>();
        positions.forEach((partition, position) ->
                fresh.add(holdings.hold(partition, position).assignment()));
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
        long changes = questions.ids().changes();
        if (changes != idsSeen) {
            letGo(past());
            // Last: what fails is done in a later turn, and nothing is polled before.
            idsSeen = changes;
        }
    }

    private void letGo(List<Holding> past) {
        if (past.isEmpty()) {
            return;
        }
        List<TopicPartition> partitions = Holdings.partitions(past);
        questions.driver().pause(partitions);
        holdings.remove(partitions);
        session.listener().lost(Holdings.assignments(past));
        holdings.assigned(partitions);
    }

    /** Looked for only when another id counts than when it was looked for last: what is pinned has the one that counts then. */
    private List<Holding> past() {
        List<Holding> past = new ArrayList<>();
        for (Holding holding : holdings.all()) {
            if (questions
                    .ids()
                    .isPast(holding.partition().topic(), holding.pin().topicId())) {
                past.add(holding);
            }
        }
        return past;
    }

    /** The broker does not have the offsets that were wanted, by partition. */
    void outOfRange(Map<TopicPartition, Long> wanted) {
        outOfRange.add(wanted, session.now());
    }

    /** What was wanted is no longer at the broker: go on at the beginning of what is, and say so. For as long as {@link #pin}. */
    void backInRange() {
        long begun = session.now();
        OutOfRange.Wanted next = outOfRange.next(begun);
        while (next != null && session.now() - begun < DriverCalls.QUESTION.toNanos()) {
            OutOfRange.Wanted wanted = next;
            if (!questions.attempts().attemptPatiently("Going back in range", () -> goBack(wanted))) {
                outOfRange.failed(wanted, session.now());
                return;
            }
            outOfRange.done(wanted);
            next = outOfRange.next(session.now());
        }
    }

    /** That a partition could not be set right for some time, null when there is none. */
    @Nullable String impediment(long now) {
        return outOfRange.impediment(now);
    }

    private void goBack(OutOfRange.Wanted wanted) {
        TopicPartition partition = wanted.partition();
        questions.ids().learn(Collections.singleton(partition.topic()), DriverCalls.QUESTION);
        startAnew();
        if (holdings.holds(wanted.holding())) {
            Long to = questions
                    .driver()
                    .beginningOffsets(Collections.singleton(partition))
                    .get(partition);
            reset(wanted, Objects.requireNonNull(to, "beginning"));
        }
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

    private void reset(OutOfRange.Wanted wanted, long to) {
        if (to < wanted.from()) {
            cutBack(wanted, to);
        } else {
            questions.driver().seek(wanted.partition(), to);
            wanted.holding().positions().advanced(to);
            tell(wanted, to);
        }
    }

    /**
     * The topic was cut, or made anew by a broker that does not tell ids: offsets, and so tags, begin again, which needs an epoch of its own. All in it
     * is new: count none. Committed before anything else: over the commit of before, a log that grows would be skipped up to it by a successor.
     */
    private void cutBack(OutOfRange.Wanted wanted, long to) {
        PinMetadata pin = new PinMetadata(0, wanted.holding().pin().topicId());
        Map<TopicPartition, PositionResolver.Position> positions =
                Collections.singletonMap(wanted.partition(), new PositionResolver.Position(to, pin, false, null));
        questions
                .driver()
                .commitSync(
                        Collections.singletonMap(wanted.partition(), new OffsetAndMetadata(to, pin.write())),
                        DriverCalls.QUESTION);
        place(positions);
        tell(wanted, to);
        session.listener().lost(Holdings.assignments(List.of(wanted.holding())));
        show(positions);
    }

    private void tell(OutOfRange.Wanted wanted, long to) {
        tell(wanted.partition(), wanted.from(), to, "wanted an offset that the broker no longer has");
    }
}
