package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.core.internal.shared.Lifecycle;
import io.microservicekit.messaging.core.internal.shared.PendingCount;
import io.microservicekit.messaging.core.internal.shared.SendAges;
import io.microservicekit.messaging.core.internal.shared.SendRoom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The way of a checked message: room, hand-over to the adapter, outcome. */
final class SendPath {
    /** What a blocking send waits beyond its timeout for the adapter, which knows the outcome better. */
    static final Duration GRACE = Duration.ofMillis(250);

    private final ClientParts parts;
    private final ProducerOptions options;
    private final BackendProducer backend;
    private final Lifecycle lifecycle;
    private final SendRoom room;
    private final PendingCount deadLetters = new PendingCount();
    private final PendingCount unconfirmed = new PendingCount();
    private final SendAges ages = new SendAges();

    SendPath(ClientParts parts, ProducerOptions options, BackendProducer backend, Lifecycle lifecycle) {
        this.parts = parts;
        this.lifecycle = lifecycle;
        this.options = options;
        this.backend = backend;
        this.room = new SendRoom(options.maxInFlight(), options.maxInFlightBytes());
    }

    /** Whether there was room for a message of so many bytes, which is taken then. */
    boolean takeRoom(long bytes) {
        return room.tryTake(bytes);
    }

    /** Waits until there is room, takes it, and returns what is left of the limit. Throws what is surely not delivered. */
    Duration awaitRoom(Message message, long bytes, Duration limit) {
        long start = parts.runtime().nanoTime();
        CompletableFuture<Boolean> turn = parts.runtime().future();
        SendRoom.Waiter waiter = room.lineUp(bytes, turn);
        try {
            if (parts.runtime().await(turn, limit)) {
                return left(limit, start);
            }
            throw observed(
                    message, parts.closed(ErrorCode.PRODUCER_CLOSED, "Sending to " + SendErrors.topicOf(message)));
        } catch (InterruptedException e) {
            room.withdraw(waiter);
            Thread.currentThread().interrupt();
            throw observed(message, SendErrors.interrupted("Sending to " + SendErrors.topicOf(message), e));
        } catch (TimeoutException e) {
            room.withdraw(waiter);
            throw observed(message, SendErrors.noRoom(message, options, limit, e));
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails a turn", e);
        }
    }

    /** Room that comes with the end of the limit comes too late. */
    private Duration left(Duration limit, long start) throws TimeoutException {
        Duration left = limit.minusNanos(parts.runtime().nanoTime() - start);
        if (left.isNegative() || left.isZero()) {
            throw new TimeoutException("room came after " + limit);
        }
        return left;
    }

    /** Hands over a message that has room. Never blocks, never throws. */
    CompletableFuture<SendResult> handOver(Message message, long bytes, Duration timeout) {
        return new Sending(this, message, bytes, timeout).begin();
    }

    /** Dead letters take no room: those who wait for it never keep them from being written. */
    CompletableFuture<SendResult> handOverDeadLetter(Message deadLetter) {
        deadLetters.begun();
        return new Sending(this, deadLetter, Sending.DEAD_LETTER, options.sendTimeout()).begin();
    }

    /** There was no room, and nobody waits for it. */
    CompletableFuture<SendResult> refusedForRoom(Message message) {
        return failed(observed(message, SendErrors.full(message, options)));
    }

    CompletableFuture<SendResult> failed(MessagingException error) {
        CompletableFuture<SendResult> failed = parts.runtime().future();
        failed.completeExceptionally(error);
        return failed;
    }

    /** Tells the observer of a message that was not handed over. */
    <E extends MessagingException> E observed(Message message, E error) {
        parts.observer().sendFailed(message.topic(), error);
        return error;
    }

    /** Waits for an outcome, at most for a time and a grace. */
    SendResult await(Message message, CompletableFuture<SendResult> sent, Duration limit) {
        return await(message, sent, limit, limit.plus(GRACE));
    }

    /** Waits for an outcome, at most so long; the limit is what the error names. */
    SendResult await(Message message, CompletableFuture<SendResult> sent, Duration limit, Duration atMost) {
        try {
            return parts.runtime().await(sent, atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SendErrors.unknown(ErrorCode.SEND_MESSAGE, message, "the thread was interrupted while it waited", e);
        } catch (TimeoutException e) {
            throw SendErrors.unknown(ErrorCode.TIMEOUT, message, "no confirmation came within " + limit, e);
        } catch (ExecutionException e) {
            throw SendErrors.of(message, e.getCause() == null ? e : e.getCause());
        }
    }

    /** A send has its outcome. */
    void decided(long bytes) {
        if (bytes == Sending.DEAD_LETTER) {
            deadLetters.ended();
        } else {
            room.free(bytes);
        }
    }

    ClientParts parts() {
        return parts;
    }

    ProducerOptions options() {
        return options;
    }

    BackendProducer backend() {
        return backend;
    }

    /** Nobody gets room any more. */
    void close() {
        room.close();
    }

    /** A send is handed over. */
    void begun(long start) {
        ages.begun(start);
        unconfirmed.begun();
    }

    /** A send that was handed over is confirmed. */
    void confirmed(long start) {
        ages.ended(start);
        unconfirmed.ended();
    }

    /** A send that was handed over has failed. It stays unconfirmed when the producer is being closed. */
    void failed(long start) {
        ages.ended(start);
        if (lifecycle.isRunning()) {
            unconfirmed.ended();
        }
    }

    /** How long the oldest send without an outcome has been waiting. */
    Duration oldest() {
        return ages.oldest(parts.runtime().nanoTime());
    }

    /** How many sends have no outcome yet. */
    long pending() {
        return room.messages() + deadLetters.get();
    }

    /** How many sends have no outcome yet, or failed after the producer began to close. */
    long unconfirmed() {
        return unconfirmed.get();
    }
}
