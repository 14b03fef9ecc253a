package io.microservicekit.messaging.api.spi;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The engine's commands to the adapter. <b>Called on</b> the event loop of the subscription; each method only enqueues and never blocks. A command
 * for an assignment that is gone (an old epoch) is ignored.
 */
public interface BackendConsumer {
    /**
     * Messages are finished and may be acknowledged at the broker: all of the assignment up to a tag, and some beyond. Called once per turn of the
     * event loop at most; the adapter coalesces further as its broker likes it, reports by {@link BackendListener#acknowledged} and acknowledges
     * everything before a revocation or close completes.
     *
     * @param assignment the assignment
     * @param upTo all deliveries with this tag or a lower one are finished; lower than every delivered tag when the first is still unfinished
     * @param alsoThese tags above {@code upTo} that are finished too, rising, each passed exactly once; empty when the engine keeps one order per
     *     assignment. A backend that can only commit a position ignores them
     */
    void acknowledge(Assignment assignment, long upTo, long[] alsoThese);

    /**
     * Takes to the broker at once what was passed to {@link #acknowledge} for an assignment before, instead of with the next interval. Several under
     * way may share one request.
     *
     * @param assignment the assignment
     * @return completes normally when the broker has taken it, also when that happens while the assignment is revoked or the consumer closed;
     *     exceptionally when the assignment is gone without; a failed request is tried again as long as the assignment is held. On any thread
     */
    CompletableFuture<Void> flush(Assignment assignment);

    /**
     * Stops the intake of some assignments until {@link #resume}; deliveries under way may still come.
     *
     * @param assignments the assignments
     */
    void pause(Set<Assignment> assignments);

    /**
     * Takes up the intake again.
     *
     * @param assignments the assignments
     */
    void resume(Set<Assignment> assignments);

    /**
     * A delivered message will not be finished soon: it waits for a retry or for its dead letter, or behind one of its key that does. A backend with a window of unacknowledged
     * deliveries widens it, one with invisible times extends them, one with positions does nothing.
     *
     * @param assignment the assignment
     * @param tag the delivery
     */
    void hold(Assignment assignment, long tag);

    /**
     * A held message is about to be tried again, or is finished, or nothing of its key is waited for any more.
     *
     * @param assignment the assignment
     * @param tag the delivery
     */
    void release(Assignment assignment, long tag);

    /**
     * Gives an assignment back and takes it anew, because its oldest unfinished delivery is about to exceed {@link #holdLimit()}: the adapter
     * revokes it ({@link BackendListener#revoked}), returns what is unacknowledged to the broker and assigns it again under a new epoch; the broker
     * delivers the unfinished messages again, in order.
     *
     * @param assignment the assignment
     * @param reason for the log
     */
    void recycle(Assignment assignment, String reason);

    /**
     * How long a delivery may stay unacknowledged before the broker takes it back by force.
     *
     * @return the longest time the engine may keep one, or null when the broker has no such limit
     */
    @Nullable Duration holdLimit();

    /**
     * Why the consumer takes no part at present: topics that do not exist, a group that is not joined, positions that are not pinned,
     * acknowledgements that the broker does not take, a driver's thread that hangs. It goes on trying by itself. Asked by health checks only, on the
     * event loop of the subscription; answers at once from what is known.
     *
     * @return the middle of a sentence without a full stop, or null when it takes part
     */
    default @Nullable String impediment() {
        return null;
    }

    /**
     * Why nothing but a new process helps: a thread of the driver has been inside one call for longer than the backend lets a call take, and nobody can
     * end that thread. Code of the user's that hangs, a handler for instance, is no reason. Asked as {@link #impediment()}; the subscription is
     * {@link io.microservicekit.messaging.api.SubscriptionState#UNRESPONSIVE} for as long as there is an answer.
     *
     * @return the middle of a sentence without a full stop, or null when no thread hangs
     */
    default @Nullable String hang() {
        return null;
    }

    /**
     * Stops the intake, acknowledges at the broker what was passed to {@link #acknowledge}, returns the rest, leaves the group. The listener hears of
     * acknowledgements until it is closed, so that the engine counts right when no answer comes in time. Afterwards it may hear of one that was under
     * way when the limit forced the end, which the engine no longer counts, and of nothing else; nor of a revocation that the close itself causes.
     *
     * @param limit how long the orderly end may take; afterwards it is forced
     * @return completes normally when closed, always, within the limit, with how many of the messages passed to {@link #acknowledge} the broker has
     *     not taken as acknowledged and will deliver again, at the most; 0 where an acknowledgement has no answer
     */
    CompletableFuture<Long> close(Duration limit);
}
