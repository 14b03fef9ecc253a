package io.microservicekit.messaging.it.accounting;

import io.microservicekit.messaging.it.accounting.Event.Change;
import io.microservicekit.messaging.it.accounting.Event.Edge;
import io.microservicekit.messaging.it.accounting.Event.HandlerStep;
import io.microservicekit.messaging.it.accounting.Event.Handling;
import io.microservicekit.messaging.it.accounting.Event.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A history made by hand: each event comes 1 ms after the one before, offsets of partition 0 count from 0. */
final class Story {
    static final TopicPartition PLACE = new TopicPartition("orders", 0);
    static final String PRODUCER = "producer#0";
    static final String CONSUMER = "consumer#0";
    static final String DRIVER = "driver#0";

    private final List<Entry> entries = new ArrayList<>();
    private long micros = 1_000_000_000;
    private long nextOffset;

    static MessageId id(String key, long seq) {
        return new MessageId("orders", "p", key, seq);
    }

    static MessageId id(long seq) {
        return id("k", seq);
    }

    Story add(String process, Event event) {
        micros += 1_000;
        entries.add(new Entry(process, entries.size() + 1, micros, event));
        return this;
    }

    Story later(Duration time) {
        micros += time.toNanos() / 1_000 - 1_000;
        return this;
    }

    Story intent(MessageId id) {
        return add(PRODUCER, Sent.intent(id));
    }

    Story sent(MessageId... ids) {
        for (MessageId id : ids) {
            intent(id).add(PRODUCER, Sent.ack(id, new Position(0, nextOffset++)));
        }
        return this;
    }

    Story rejected(MessageId id) {
        return add(PRODUCER, Sent.rejected(id));
    }

    Story unknown(MessageId id) {
        return add(PRODUCER, Sent.unknown(id));
    }

    Story step(HandlerStep step, String member, MessageId id, int attempt) {
        return add(CONSUMER, new Handling(step, id, attempt, member, 1));
    }

    Story start(MessageId id) {
        return step(HandlerStep.START, "c", id, 1);
    }

    Story ok(MessageId id) {
        return step(HandlerStep.OK, "c", id, 1);
    }

    Story handled(MessageId... ids) {
        for (MessageId id : ids) {
            start(id).ok(id);
        }
        return this;
    }

    Story handledBy(String member, MessageId id) {
        return step(HandlerStep.START, member, id, 1).step(HandlerStep.OK, member, id, 1);
    }

    Story failed(MessageId id, int attempt) {
        return step(HandlerStep.START, "c", id, attempt).step(HandlerStep.FAIL, "c", id, attempt);
    }

    Story deadLettered(MessageId id) {
        return step(HandlerStep.DLQ_OK, "c", id, 1);
    }

    Story fault(String kind) {
        return add(DRIVER, new Event.Fault(kind, Edge.BEGIN));
    }

    Story healed(String kind) {
        return add(DRIVER, new Event.Fault(kind, Edge.END));
    }

    Story changed(Change change, String member) {
        return add(CONSUMER, new Event.Membership(change, member, PLACE));
    }

    Story committed(long offset) {
        return add(DRIVER, new Event.Committed("g", PLACE, offset));
    }

    Story closing(Duration deadline) {
        return add(CONSUMER, new Event.Shutdown(Edge.BEGIN, "client", deadline));
    }

    Story closed() {
        return add(CONSUMER, new Event.Shutdown(Edge.END, "client", Duration.ZERO));
    }

    History history() {
        return History.of(entries);
    }
}
