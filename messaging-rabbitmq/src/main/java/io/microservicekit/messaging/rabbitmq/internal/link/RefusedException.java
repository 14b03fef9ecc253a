package io.microservicekit.messaging.rabbitmq.internal.link;

import java.util.Objects;

/** What a question on a channel or an attempt to connect ends with when the driver or the broker refused it. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Closure closure;

    /** With what was said. */
    public RefusedException(Closure closure) {
        super(closure.code() + " " + closure.text(), closure.cause());
        this.closure = Objects.requireNonNull(closure, "closure");
    }

    /** What was said; the channel, or the connection, is gone with it. */
    public Closure closure() {
        return closure;
    }
}
