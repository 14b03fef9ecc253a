package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.rabbitmq.internal.link.Closure;

/** Which ends of a channel or connection say that the same will happen again, so that an endless repetition has to be noticed. */
final class Troubles {
    private static final int CONNECTION_FORCED = 320;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 406;
    private static final int INTERNAL_ERROR = 541;

    private Troubles() {}

    /** Not an operator's, a node's or the network's doing, which pass. */
    static boolean isTrouble(Closure closure) {
        return switch (closure.kind()) {
            case OURSELVES -> false;
            case NETWORK -> false;
            case DRIVER -> true;
            case BROKER -> closure.code() != CONNECTION_FORCED
                    && closure.code() != NOT_FOUND
                    && closure.code() != INTERNAL_ERROR
                    && !isHeldTooLong(closure);
        };
    }

    /** A message was unacknowledged for longer than the broker's consumer_timeout. */
    static boolean isHeldTooLong(Closure closure) {
        return closure.code() == PRECONDITION_FAILED && closure.text().contains("timed out");
    }
}
