package io.microservicekit.messaging.rabbitmq.internal.link;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One connection that is kept up: opened when the first user joins, and again whenever it is lost, with a jittered back-off from 0.5 s to 10 s that
 * begins anew after 30 s of stable use. Confined to its loop but for what says otherwise.
 */
public interface SharedConnection {
    /** The loop on which everything of this connection happens; from any thread. */
    Loop loop();

    /** Joins; told at once when there is a connection, or when it is being closed. */
    void join(ConnectionUser user);

    /** Leaves; nothing more is told. */
    void leave(ConnectionUser user);

    /**
     * A user could not do on the connection what it needs, though the connection itself lives or died of it: an endless repetition of the same is told
     * as {@link ConnectionUser#failed} to that user.
     */
    void troubled(ConnectionUser user, Closure closure);

    /**
     * The broker has ended the connection while it was being asked for something by a user: when it is certain that this was the reason, the cause is told
     * as {@link ConnectionUser#failed} to that user. To be said once, before {@link ConnectionUser#disconnected} returns.
     */
    void suspected(ConnectionUser user, Closure closure, MessagingException cause);

    /** All that a user asks for on a new connection was granted or refused, and the connection lives, or it asks for nothing at present. */
    void answered(ConnectionUser user);

    /** A user has worked on it steadily: the back-off begins anew. */
    void stable(ConnectionUser user);

    /** Why there is no connection at present, as the middle of a sentence; null when there is one. From any thread. */
    @Nullable String impediment();

    /** Closes it for good; ends on any thread, always normally, soon after the limit at the latest. From any thread. */
    CompletableFuture<Void> close(Duration limit);
}
