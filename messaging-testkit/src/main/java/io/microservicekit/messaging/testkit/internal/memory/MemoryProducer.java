package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends on the client's one loop for sends: one event stores the message, a later one confirms it. State is confined to that loop. */
final class MemoryProducer implements BackendProducer {
    private final MemoryBackend backend;
    private final ClientRuntime runtime;
    private final Loop loop;
    private final Set<Pending> pending = new LinkedHashSet<>();
    private boolean closing;
    private boolean cutOff;
    private long unconfirmedAtClose;
    private @Nullable CompletableFuture<Long> closed;
    private Loop.@Nullable Timer closeLimit;

    MemoryProducer(MemoryBackend backend, Loop loop) {
        this.backend = backend;
        this.runtime = backend.context().runtime();
        this.loop = loop;
    }

    @Override
    public CompletableFuture<SendResult> send(Message message, Duration timeout) {
        return submit(message, timeout, false);
    }

    @Override
    public CompletableFuture<SendResult> sendDeadLetter(Message message, Duration timeout) {
        return submit(message, timeout, true);
    }

    private CompletableFuture<SendResult> submit(Message message, Duration timeout, boolean deadLetter) {
        Pending send = new Pending(message, timeout, deadLetter, runtime.future());
        if (!backend.submit(() -> transmit(send))) {
            send.future.completeExceptionally(closedError(message));
        }
        return send.future;
    }

    private void transmit(Pending send) {
        if (closing) {
            send.future.completeExceptionally(closedError(send.message));
            return;
        }
        Message dated = dated(send.message);
        Receipt receipt = backend.cluster().locked(() -> backend.cluster().accept(dated, send.deadLetter));
        runtime.note(backend.context().clientId(), () -> "sent to " + dated.topic() + " " + receipt);
        pending.add(send);
        if (receipt.entry() == null) {
            later(() -> end(send, notStored(send.message, receipt)));
        } else {
            confirm(send, receipt.fault(), result(receipt.entry()));
        }
    }

    private void confirm(Pending send, Fault fault, SendResult result) {
        send.stored = true;
        Duration delay = fault.delay();
        if (delay == null || delay.compareTo(send.timeout) > 0) {
            send.timer = loop.schedule(
                    send.timeout,
                    () -> end(
                            send,
                            unknown(send.message, ErrorCode.TIMEOUT, "no confirmation came within " + send.timeout)));
        } else if (delay.isZero()) {
            later(() -> end(send, result));
        } else {
            send.timer = loop.schedule(delay, () -> end(send, result));
        }
    }

    private void later(Runnable task) {
        loop.execute(task);
    }

    private Message dated(Message message) {
        long millis = message.timestampMillis(runtime.clock().millis());
        return Message.received(message.topic(), message.key(), message.value(), message.headers(), millis);
    }

    private static SendResult result(LogEntry entry) {
        Message message = entry.message();
        return new SendResult(
                message.topic(), entry.partition(), entry.offset(), message.timestampMillis(0), true, true);
    }

    private void end(Pending send, SendResult result) {
        if (settled(send)) {
            send.future.complete(result);
            closeWhenFlushed();
        }
    }

    private void end(Pending send, SendException error) {
        if (settled(send)) {
            unconfirmedAtClose += cutOff ? 1 : 0;
            send.future.completeExceptionally(error);
            closeWhenFlushed();
        }
    }

    private boolean settled(Pending send) {
        if (send.timer != null) {
            send.timer.cancel();
        }
        return pending.remove(send);
    }

    /** On the loop: what was stored but not confirmed stays unknown for ever. */
    void connectionLost() {
        abandonPending(ErrorCode.SEND_MESSAGE, "the connection to the broker was lost before the confirmation came");
    }

    /** On the loop: the end by force. */
    void abandon() {
        closing = true;
        cutOff = true;
        abandonPending(ErrorCode.PRODUCER_CLOSED, "the producer was closed before the confirmation came");
        closeWhenFlushed();
    }

    private void abandonPending(ErrorCode code, String reason) {
        for (Pending send : new ArrayList<>(pending)) {
            end(send, send.stored ? unknown(send.message, code, reason) : notDelivered(send.message, code, reason));
        }
    }

    @Override
    public CompletableFuture<Long> close(Duration limit) {
        CompletableFuture<Long> ending = runtime.future();
        if (!backend.submit(() -> beginClose(ending, limit))) {
            ending.complete(0L);
        }
        return ending;
    }

    private void beginClose(CompletableFuture<Long> ending, Duration limit) {
        CompletableFuture<Long> earlier = closed;
        if (earlier != null) {
            Loop.Timer sooner = loop.schedule(limit, this::abandon);
            CompletableFuture<Void> unused = earlier.thenAccept(unconfirmed -> {
                sooner.cancel();
                ending.complete(unconfirmed);
            });
            return;
        }
        closing = true;
        closed = ending;
        closeLimit = loop.schedule(limit, this::abandon);
        later(this::closeWhenFlushed);
    }

    private void closeWhenFlushed() {
        if (closed != null && pending.isEmpty() && closeLimit != null) {
            closeLimit.cancel();
            closed.complete(unconfirmedAtClose);
        }
    }

    private static SendException notStored(Message message, Receipt receipt) {
        String reason = String.valueOf(receipt.reason());
        if (Receipt.UNROUTABLE.equals(reason)) {
            return notDelivered(
                    message,
                    ErrorCode.UNROUTABLE,
                    reason + "; subscribe a consumer or call MessagingClient.provision(group, topics) first");
        }
        return receipt.fault().outcome() == SendOutcome.UNKNOWN
                ? unknown(message, ErrorCode.SEND_MESSAGE, reason)
                : notDelivered(message, ErrorCode.SEND_MESSAGE, reason);
    }

    private static SendException notDelivered(Message message, ErrorCode code, String reason) {
        return new SendException(
                code, SendOutcome.NOT_DELIVERED, text(message, reason) + " It was not delivered.", null);
    }

    private static SendException unknown(Message message, ErrorCode code, String reason) {
        return new SendException(
                code, SendOutcome.UNKNOWN, text(message, reason) + " It may be at the broker all the same.", null);
    }

    private static SendException closedError(Message message) {
        return notDelivered(message, ErrorCode.PRODUCER_CLOSED, "the producer is closed");
    }

    private static String text(Message message, String reason) {
        return "Sending to '" + message.topic() + "' on the in-memory broker failed: " + reason + ".";
    }

    /** A send without its outcome. */
    private static final class Pending {
        private final Message message;
        private final Duration timeout;
        private final boolean deadLetter;
        private final CompletableFuture<SendResult> future;
        private boolean stored;
        private Loop.@Nullable Timer timer;

        Pending(Message message, Duration timeout, boolean deadLetter, CompletableFuture<SendResult> future) {
            this.message = message;
            this.timeout = timeout;
            this.deadLetter = deadLetter;
            this.future = future;
        }
    }
}
