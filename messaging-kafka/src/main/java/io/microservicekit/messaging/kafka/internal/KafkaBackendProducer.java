package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.BackendProducer;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** One driver producer behind the send gate. */
final class KafkaBackendProducer implements BackendProducer {
    /** What the driver may need beyond the limit of a close to end what it holds. */
    private static final Duration FORCED_END = Duration.ofMillis(500);

    private final Producer<byte[], byte[]> producer;
    private final ClientRuntime runtime;
    private final String name;
    private final SendLimits limits;
    private final Loop loop;
    private final OrderedSendGate gate;
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong unconfirmed = new AtomicLong();
    private final Object lock = new Object();
    private volatile @Nullable CompletableFuture<Long> closing;

    KafkaBackendProducer(Producer<byte[], byte[]> producer, ClientRuntime runtime, String name, SendLimits limits) {
        this.producer = producer;
        this.runtime = runtime;
        this.name = name;
        this.limits = limits;
        this.loop = runtime.loop(name);
        SendDriver driver = new KafkaSendDriver(producer);
        this.gate = new OrderedSendGate(send -> trySend(driver, send), loop, runtime::nanoTime);
    }

    @Override
    public CompletableFuture<SendResult> send(Message message, Duration timeout) {
        PendingSend send = pending(message, timeout);
        MessagingException problem = problem(send);
        if (problem != null) {
            send.failed(problem);
            return send.future();
        }
        open.incrementAndGet();
        var unused = send.future().whenComplete((result, error) -> ended(error));
        gate.send(send);
        return send.future();
    }

    @Override
    public CompletableFuture<Long> close(Duration limit) {
        synchronized (lock) {
            CompletableFuture<Long> running = closing;
            if (running != null) {
                return running;
            }
            closing = runtime.future();
        }
        long deadline = runtime.nanoTime() + Nanos.of(limit);
        loop.housekeeping(limit.plus(FORCED_END), this::closed);
        gate.close(limit, () -> runtime.ioThread(name + "-close", () -> closeDriver(deadline)));
        return closing();
    }

    private PendingSend pending(Message message, Duration timeout) {
        long timestamp = message.timestampMillis(runtime.clock().millis());
        return new PendingSend(message, timestamp, runtime.nanoTime(), timeout, runtime.future());
    }

    private boolean trySend(SendDriver driver, PendingSend send) {
        boolean taken = driver.trySend(send);
        if (taken && limits.decidedTooLate(send) && !send.future().isDone()) {
            Duration remaining = Duration.ofNanos(Math.max(0, send.remainingNanos(runtime.nanoTime())));
            Loop.Timer timer = loop.schedule(remaining, () -> send.failed(SendFailures.undecided(send.topic())));
            var unused = send.future().whenComplete((result, error) -> timer.cancel());
        }
        return taken;
    }

    private @Nullable MessagingException problem(PendingSend send) {
        if (closing != null) {
            return SendFailures.closed(send.topic());
        }
        MessagingException topic = TopicName.problem(send.topic());
        return topic != null ? topic : limits.problem(send);
    }

    private void ended(@Nullable Throwable error) {
        open.decrementAndGet();
        if (error != null && closing != null) {
            unconfirmed.incrementAndGet();
        }
    }

    /** Blocks, hence on a thread of its own. */
    private void closeDriver(long deadline) {
        try {
            producer.close(Duration.ofNanos(Math.max(0, deadline - runtime.nanoTime())));
        } finally {
            loop.execute(this::closed);
        }
    }

    private void closed() {
        closing().complete(unconfirmed.get() + open.get());
        loop.close();
    }

    private CompletableFuture<Long> closing() {
        CompletableFuture<Long> running = closing;
        if (running == null) {
            throw new IllegalStateException("Producer " + name + " is not being closed.");
        }
        return running;
    }
}
