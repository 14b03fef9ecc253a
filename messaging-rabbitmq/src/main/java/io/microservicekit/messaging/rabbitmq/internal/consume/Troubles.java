package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;

/** Which ends of a channel say that the same will happen again, so that an endless repetition has to be noticed; those of connections are counted there. */
final class Troubles {
    private static final int ACCESS_REFUSED = 403;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 406;

    private Troubles() {}

    /**
     * Whether it is to be counted.
     *
     * @param cancelled whether the broker had ended a consumer of the channel before, and so taken back what may still have been acknowledged
     */
    static boolean isTrouble(Closure closure, boolean cancelled) {
        return switch (closure.kind()) {
            case OURSELVES, PROCESS, CREDENTIALS, NETWORK -> false;
            case RECEIVED, OVERTAXED -> true;
            case DRIVER -> !closure.ofConnection();
            case BROKER -> !closure.ofConnection() && !passes(closure) && !(cancelled && isOfTag(closure));
        };
    }

    /** A node that is down, a foreign consumer that wants the queue for itself, a slow handler. */
    private static boolean passes(Closure closure) {
        return closure.code() == ACCESS_REFUSED || closure.code() == NOT_FOUND || isHeldTooLong(closure);
    }

    /** What was acknowledged is nothing that the broker waits for. */
    private static boolean isOfTag(Closure closure) {
        return closure.code() == PRECONDITION_FAILED && closure.text().contains("unknown delivery tag");
    }

    /** A message was unacknowledged for longer than the broker's consumer_timeout. */
    private static boolean isHeldTooLong(Closure closure) {
        return closure.code() == PRECONDITION_FAILED && closure.text().contains("timed out");
    }
}
