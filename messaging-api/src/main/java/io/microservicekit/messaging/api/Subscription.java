package io.microservicekit.messaging.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A running subscription of a consumer. Thread-safe. */
public interface Subscription extends AutoCloseable {
    /**
     * Completes when the positions are pinned (Kafka) or the consumer is registered at the broker (queues): a message sent afterwards is
     * delivered to the group, whatever crashes or rebalances happen from then on.
     *
     * @return completes normally when ready, exceptionally when the subscription fails or is closed before; on the control thread of the client
     */
    CompletableFuture<Void> ready();

    /**
     * Waits for {@link #ready()}.
     *
     * @param limit how long to wait
     * @return this subscription
     * @throws io.microservicekit.messaging.api.message.MessagingException the failure of the subscription itself, with its code; CONSUMER_CLOSED when it
     *     was closed before it was ready. A {@code ConsumeException} TIMEOUT when it is not ready in time, when the thread is interrupted (the flag
     *     stays set), without having waited on an event loop or I/O thread of the client, which must not wait, and, caused by it, for a failure
     *     that is not of this library; but for the last the subscription goes on trying
     */
    Subscription awaitReady(Duration limit);

    /**
     * Lets the handlers that were called return and starts nothing more, until {@link #resume()}: neither new messages nor due retries, of which the
     * back-offs go on. The intake stops, the membership in the group is kept, and what arrives or is assigned meanwhile waits; dead letters of what
     * was handled are written. Nothing is lost: what is finished is acknowledged as usual. Returns at once and takes effect with the next turn of
     * the subscription's event loop. Idempotent; does nothing after a close. May be called from any thread, also in the handler.
     */
    void pause();

    /** Takes up what {@link #pause()} stopped. Idempotent; the last call of the two counts. May be called from any thread, also in the handler. */
    void resume();

    /**
     * Whether the subscription is paused.
     *
     * @return true when {@link #pause()} was called last, false when {@link #resume()} or neither was
     */
    boolean isPaused();

    /**
     * Completes when the subscription has ended.
     *
     * @return completes normally after a close, exceptionally with a {@code MessagingException} when the subscription failed; then the consumer
     *     may subscribe again. CONSUMER_CLOSED when its client was shut down and its event loop did not answer in time. Completes on the control
     *     thread of the client, on a thread of its own when that hangs at the shutdown: continuations must not block
     */
    CompletableFuture<Void> completion();

    /**
     * Closes the subscription: no new message starts, back-offs end at once uncounted, running handlers get the deadline, what is finished is
     * acknowledged, the rest goes back to the broker. Idempotent. Called in its own handler it starts the stop and returns at once.
     *
     * @param deadline how long running handlers may take, zero or more
     * @return what was drained, returned, abandoned, unacknowledged
     */
    ShutdownReport close(Duration deadline);

    /** {@link #close(Duration)} without a deadline for running handlers. */
    @Override
    void close();
}
