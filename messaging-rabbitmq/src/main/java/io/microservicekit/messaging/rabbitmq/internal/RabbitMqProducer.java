package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import io.microservicekit.messaging.rabbitmq.internal.link.SharedConnection;
import io.microservicekit.messaging.rabbitmq.internal.shared.FrameLimit;
import io.microservicekit.messaging.rabbitmq.internal.shared.PendingSend;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends through the shared publishing connection: messages on one channel, dead letters on another, so that a message that the broker refuses takes no
 * dead letter with it, and because dead letters are always confirmed.
 */
final class RabbitMqProducer implements BackendProducer, ConnectionUser {
    private static final String DEFAULT_EXCHANGE = "";

    private final SharedConnection shared;
    private final ClientRuntime runtime;
    private final Loop loop;
    private final String exchange;
    private final FrameLimit frame = new FrameLimit();
    private final SendLimits limits;
    private final PublishLane messages;
    private final PublishLane deadLetters;
    private final CompletableFuture<Long> closed;

    /**
     * What a producer needs to know.
     *
     * @param exchange where messages go
     * @param confirms whether the broker confirms messages
     * @param unroutable what becomes of messages that no queue takes
     * @param maxBodyBytes how large a value may be
     * @param maxDeadLetterBytes how large that of a dead letter may be
     * @param logger where to log
     */
    record Settings(
            String exchange,
            boolean confirms,
            UnroutablePolicy unroutable,
            long maxBodyBytes,
            long maxDeadLetterBytes,
            System.Logger logger) {}

    /** Whose exchange is there. */
    RabbitMqProducer(SharedConnection shared, ClientRuntime runtime, Settings settings) {
        this(shared, runtime, settings, Preparation.nothing(runtime), () -> {});
    }

    /**
     * Whose exchange has to be prepared.
     *
     * @param whenExchangeMissing told on the loop of the connection each time that the broker knows no such exchange
     */
    RabbitMqProducer(
            SharedConnection shared,
            ClientRuntime runtime,
            Settings settings,
            Preparation preparation,
            Runnable whenExchangeMissing) {
        this.shared = shared;
        this.runtime = runtime;
        this.loop = shared.loop();
        this.exchange = settings.exchange();
        this.limits = new SendLimits(settings.maxBodyBytes(), settings.maxDeadLetterBytes(), frame);
        PublishLane.Kind kind = new PublishLane.Kind(settings.confirms(), true, preparation);
        this.messages = lane(new PublishOutcomes(settings.unroutable(), settings.logger(), whenExchangeMissing), kind);
        this.deadLetters = lane(
                new PublishOutcomes(UnroutablePolicy.FAIL, settings.logger()),
                new PublishLane.Kind(true, false, Preparation.nothing(runtime)));
        this.closed = runtime.future();
    }

    private PublishLane lane(PublishOutcomes outcomes, PublishLane.Kind kind) {
        return new PublishLane(shared, runtime, outcomes, kind, () -> shared.stable(this));
    }

    /** Joins the connection. */
    void start() {
        loop.execute(() -> shared.join(this));
    }

    @Override
    public @Nullable MessagingException refusal(Message message) {
        return limits.problem(message);
    }

    @Override
    public @Nullable MessagingException deadLetterRefusal(Message message) {
        return limits.problemOfDeadLetter(limits.writable(message));
    }

    @Override
    public CompletableFuture<SendResult> send(Message message, Duration timeout) {
        MessagingException problem = limits.problem(message);
        return problem == null ? send(messages, pending(exchange, message, timeout)) : refused(problem);
    }

    @Override
    public CompletableFuture<SendResult> sendDeadLetter(Message message, Duration timeout) {
        Message writable = limits.writable(message);
        MessagingException problem = limits.problemOfDeadLetter(writable);
        return problem == null ? send(deadLetters, pending(DEFAULT_EXCHANGE, writable, timeout)) : refused(problem);
    }

    private CompletableFuture<SendResult> refused(MessagingException problem) {
        CompletableFuture<SendResult> outcome = runtime.future();
        outcome.completeExceptionally(problem);
        return outcome;
    }

    private PendingSend pending(String to, Message message, Duration timeout) {
        long timestamp = message.timestampMillis(runtime.clock().millis());
        long deadline = runtime.nanoTime() + Nanos.of(timeout);
        return new PendingSend(to, message, timestamp, deadline, runtime.future());
    }

    private static CompletableFuture<SendResult> send(PublishLane lane, PendingSend send) {
        lane.send(send);
        return send.future();
    }

    /** Others wait for the answers to what one asks for, and who sends may long ask for nothing, or again and again: it never keeps them waiting. */
    @Override
    public void connected(BrokerConnection connection) {
        frame.negotiated(connection.frameMax());
        try {
            messages.connected(connection);
        } finally {
            deadLetters.connected(connection);
        }
        shared.answered(this);
    }

    @Override
    public void disconnected(Closure closure) {
        try {
            messages.disconnected(closure);
        } finally { // an Error in one lane, here and below, is not the other's
            deadLetters.disconnected(closure);
        }
    }

    @Override
    public void blocked(boolean blocked, String reason) {
        try {
            messages.blocked(blocked ? reason : null);
        } finally {
            deadLetters.blocked(blocked ? reason : null);
        }
    }

    @Override
    public void failed(MessagingException cause) {
        try {
            messages.failed(cause);
        } finally {
            deadLetters.failed(cause);
        }
    }

    @Override
    public void failureChanged() {
        try {
            messages.failureChanged();
        } finally {
            deadLetters.failureChanged();
        }
    }

    /** Who sends has nothing to begin anew with, and a producer of dead letters nobody who would: it works again once the cause is mended. */
    @Override
    public boolean staysWhenFailed() {
        return true;
    }

    @Override
    public @Nullable String impediment() {
        String own = messages.impediment();
        return own == null ? deadLetters.impediment() : own;
    }

    @Override
    public CompletableFuture<Long> close(Duration limit) {
        messages.refuseSends();
        deadLetters.refuseSends();
        loop.execute(() -> {
            CompletableFuture<Void> one = messages.close(limit);
            CompletableFuture<Void> other = deadLetters.close(limit);
            var unused = one.thenCombine(other, (a, b) -> null).thenRun(this::closed);
        });
        return closed;
    }

    private void closed() {
        shared.leave(this);
        closed.complete(messages.unconfirmed() + deadLetters.unconfirmed());
    }
}
