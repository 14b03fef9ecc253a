package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.it.accounting.Body;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Event.HandlerStep;
import io.microservicekit.messaging.it.accounting.Ledger;
import io.microservicekit.messaging.it.accounting.SpoiledBodyException;
import io.microservicekit.messaging.it.accounting.TopicPartition;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler that writes what happens to it into the ledger, around some work. */
public final class LedgeredHandler implements MessageHandler {
    private final Ledger ledger;
    private final String run;
    private final String member;
    private final MessageHandler work;
    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final ConcurrentMap<TopicPartition, Long> epochs = new ConcurrentHashMap<>();

    /**
     * Makes a handler.
     *
     * @param ledger the ledger of this process
     * @param run the run whose bodies are expected
     * @param member the consumer's name, unique in this process
     * @param work what is done between START and OK
     */
    public LedgeredHandler(Ledger ledger, String run, String member, MessageHandler work) {
        this.ledger = ledger;
        this.run = run;
        this.member = member;
        this.work = work;
    }

    /** How many calls have ended well. */
    public int handled() {
        return handled.get();
    }

    /** How many calls are running. */
    public int running() {
        return running.get();
    }

    @Override
    public void handle(ReceivedMessage message) throws Exception {
        try {
            Body body = Body.decode(Objects.requireNonNull(message.value(), "value"), run, message.topic());
            handle(message, body);
        } catch (SpoiledBodyException e) {
            ledger.append(new Event.Spoiled(member, message.position() + ": " + e.getMessage()));
        }
    }

    private void handle(ReceivedMessage message, Body body) throws Exception {
        Event.Handling start = Event.Handling.start(
                body.id(), message.attempt(), member, message.position().epoch());
        noteEpoch(message);
        ledger.append(start);
        running.incrementAndGet();
        boolean ended = false;
        try {
            work.handle(message);
            ended = true;
        } finally {
            running.decrementAndGet();
            ledger.append(start.then(ended ? HandlerStep.OK : HandlerStep.FAIL));
        }
        handled.incrementAndGet();
    }

    /** An epoch of its own means that the partition was away meanwhile: from here on messages may be repeated. */
    private void noteEpoch(ReceivedMessage message) {
        // A queue is one partition, without a number.
        int partition = Math.max(0, message.position().partition());
        TopicPartition place = new TopicPartition(message.topic(), partition);
        long epoch = message.position().epoch();
        Long before = epochs.put(place, epoch);
        if (before != null && before < epoch) {
            ledger.append(new Event.Membership(Event.Change.LOST, member, place));
        }
    }
}
