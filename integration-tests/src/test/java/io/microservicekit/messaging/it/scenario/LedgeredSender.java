package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.it.accounting.Body;
import io.microservicekit.messaging.it.accounting.Event.Sent;
import io.microservicekit.messaging.it.accounting.Ledger;
import io.microservicekit.messaging.it.accounting.MessageId;
import io.microservicekit.messaging.it.accounting.Position;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends self-describing messages without waiting for each, a bounded number in flight, and writes every step into the ledger. */
public final class LedgeredSender {
    private static final int IN_FLIGHT = 5_000;
    private static final int SIZE = 120;
    private static final String NAME = "sender";

    private final Run run;
    private final MessageProducer producer;
    private final String topic;
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private long seq;

    public LedgeredSender(Run run, MessageProducer producer, String topic) {
        this.run = run;
        this.producer = producer;
        this.topic = topic;
    }

    /** Sends messages, the keys taking turns; returns when the last is sent, confirmed or not. */
    public void send(int count, int keys) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            if (!room.tryAcquire(1, TimeUnit.MINUTES)) {
                throw new AssertionError("no send out of " + IN_FLIGHT + " in flight ended within a minute");
            }
            sendOne(new MessageId(topic, NAME, "key-" + seq % keys, seq));
            seq++;
        }
    }

    private void sendOne(MessageId id) {
        Message message = Message.builder(topic)
                .keyText(id.key())
                .value(new Body(run.id(), id).encode(SIZE))
                .build();
        Ledger ledger = run.ledger();
        ledger.append(Sent.intent(id));
        CompletableFuture<?> unused = producer.sendAsync(message).whenComplete((result, error) -> {
            ledger.append(outcome(id, result, error));
            room.release();
        });
    }

    private static Sent outcome(MessageId id, @Nullable SendResult result, @Nullable Throwable error) {
        if (result != null) {
            return Sent.ack(id, new Position(result.partition(), result.offset()));
        }
        return error instanceof SendException known && known.outcome() == SendOutcome.UNKNOWN
                ? Sent.unknown(id)
                : Sent.rejected(id);
    }

    /** Waits until each send has its outcome. */
    public void awaitOutcomes(Duration limit) throws InterruptedException {
        if (!room.tryAcquire(IN_FLIGHT, limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("sends without an outcome after " + limit);
        }
        room.release(IN_FLIGHT);
    }
}
