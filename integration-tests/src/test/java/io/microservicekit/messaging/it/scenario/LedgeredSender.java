package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.it.accounting.Body;
import io.microservicekit.messaging.it.accounting.Event.Sent;
import io.microservicekit.messaging.it.accounting.MessageId;
import io.microservicekit.messaging.it.accounting.Position;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sends self-describing messages without waiting for each, a bounded number in flight, and writes every step into the ledger. */
public final class LedgeredSender {
    private static final int IN_FLIGHT = 5_000;
    private static final int SIZE = 120;
    private static final int TICKS = 100;
    private static final String NAME = "sender";

    private final Run run;
    private final MessageProducer producer;
    private final String topic;
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final AtomicLong confirmed = new AtomicLong();
    private final Object steps = new Object();
    private long seq;

    // Guarded by steps, as are the ledger's entries of sends.
    private int open;

    public LedgeredSender(Run run, MessageProducer producer, String topic) {
        this.run = run;
        this.producer = producer;
        this.topic = topic;
    }

    /** Sends messages, the keys taking turns, and waits until each has its outcome. */
    public void sendAll(int count, int keys) {
        for (int i = 0; i < count; i++) {
            take(1);
            sendOne(new MessageId(topic, NAME, "key-" + seq % keys, seq));
            seq++;
        }
        awaitOutcomes();
    }

    /**
     * Sends at a steady rate, the keys taking turns, while a part of a test runs; then waits until each has its outcome. What finds too many in flight
     * is left out.
     */
    public void during(int perSecond, int keys, CommitSampler.Part part) throws Exception {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        int perTick = Math.max(1, perSecond / TICKS);
        Future<?> sending =
                clock.scheduleAtFixedRate(() -> tick(perTick, keys), 0, 1_000 / TICKS, TimeUnit.MILLISECONDS);
        try {
            part.run();
        } finally {
            assertThat(sending.isDone()).as("the sender gave up").isFalse();
            clock.shutdown();
            assertThat(clock.awaitTermination(1, TimeUnit.MINUTES))
                    .as("the sender ends")
                    .isTrue();
        }
        awaitOutcomes();
    }

    private void tick(int messages, int keys) {
        for (int i = 0; i < messages && room.tryAcquire(); i++) {
            sendOne(new MessageId(topic, NAME, "key-" + seq % keys, seq));
            seq++;
        }
    }

    /** How many sends have no outcome yet. */
    public int inFlight() {
        synchronized (steps) {
            return open;
        }
    }

    /** Does something brief if a send has no outcome yet, while none gets its outcome; gives whether it did. */
    public boolean ifInFlight(Runnable brief) {
        synchronized (steps) {
            if (open > 0) {
                brief.run();
            }
            return open > 0;
        }
    }

    /** Does something brief as soon as a send has no outcome, and before any gets it. */
    public void whenInFlight(Runnable brief) {
        await("a send without an outcome")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> ifInFlight(brief));
    }

    /** How many sends were confirmed. */
    public long confirmed() {
        return confirmed.get();
    }

    private void awaitOutcomes() {
        take(IN_FLIGHT);
        room.release(IN_FLIGHT);
    }

    private void take(int permits) {
        try {
            if (!room.tryAcquire(permits, 1, TimeUnit.MINUTES)) {
                throw new AssertionError("sends without an outcome for a minute");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("sending was interrupted", e);
        }
    }

    private void sendOne(MessageId id) {
        Message message = Message.builder(topic)
                .keyText(id.key())
                .value(new Body(run.id(), id).encode(SIZE))
                .build();
        step(Sent.intent(id), 1);
        CompletableFuture<?> unused = producer.sendAsync(message).whenComplete((result, error) -> {
            step(outcome(id, result, error), -1);
            confirmed.addAndGet(error == null ? 1 : 0);
            room.release();
        });
    }

    private void step(Sent step, int opened) {
        synchronized (steps) {
            run.ledger().append(step);
            open += opened;
        }
    }

    /** A queue is one partition, in which what one sender sends lies in the order of its sending. */
    private static Position position(MessageId id, SendResult result) {
        return result.offset() < 0 ? new Position(0, id.seq()) : new Position(result.partition(), result.offset());
    }

    private static Sent outcome(MessageId id, @Nullable SendResult result, @Nullable Throwable error) {
        if (result != null) {
            return Sent.ack(id, position(id, result));
        }
        return error instanceof SendException known && known.outcome() == SendOutcome.UNKNOWN
                ? Sent.unknown(id)
                : Sent.rejected(id);
    }
}
