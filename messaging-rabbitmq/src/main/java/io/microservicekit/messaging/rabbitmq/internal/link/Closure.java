package io.microservicekit.messaging.rabbitmq.internal.link;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection or channel is gone, as the driver or the broker said it. Immutable.
 *
 * @param kind who ended it
 * @param code the broker's reply code (403, 404, 406, 320, 530, 541, …), 0 when the broker said nothing
 * @param text what the broker or the driver said; from outside, not yet escaped
 * @param ofConnection whether the whole connection is gone, not only the channel
 * @param cause the driver's exception, null when there was none
 */
public record Closure(
        Kind kind,
        int code,
        String text,
        boolean ofConnection,
        @Nullable Throwable cause) {
    /** Who ended it. */
    public enum Kind {
        /** We did. */
        OURSELVES,
        /** This process, which lacked memory or a thread: an {@link Error} was thrown. */
        PROCESS,
        /** Nobody knew who we are: the supplier of the credentials failed. */
        CREDENTIALS,
        /** The broker, with a reply code. */
        BROKER,
        /** The network, or a missed heartbeat. */
        NETWORK,
        /** The driver, which could not go on or did not get an answer. */
        DRIVER,
        /** The driver or we, who could not read what came on this very channel, a message over the limit for example. */
        RECEIVED,
        /** This process, which could not take what came on this very channel: an {@link Error} was thrown while it was read, a large message in a small heap for example. */
        OVERTAXED
    }

    private static final int CONNECTION_FORCED = 320;

    /** Checks that nothing is missing. */
    public Closure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
    }

    /** Whether the broker has ended the connection for what one of its channels asked, unless an operator did. */
    public boolean mayBeRefusal() {
        return kind == Kind.BROKER && ofConnection && code != CONNECTION_FORCED;
    }
}
