package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.shared.PendingSend;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How sends end that have left the window. */
final class PublishOutcomes {
    private static final int NOT_FOUND = 404;

    private final UnroutablePolicy unroutable;
    private final System.Logger logger;
    private final Runnable whenExchangeMissing;

    PublishOutcomes(UnroutablePolicy unroutable, System.Logger logger) {
        this(unroutable, logger, () -> {});
    }

    /** @param whenExchangeMissing told each time that the broker knows no such exchange */
    PublishOutcomes(UnroutablePolicy unroutable, System.Logger logger, Runnable whenExchangeMissing) {
        this.unroutable = unroutable;
        this.logger = logger;
        this.whenExchangeMissing = whenExchangeMissing;
    }

    /**
     * Ends each: what is thrown for one, by a logger or by a lack of memory for example, keeps no other from its outcome.
     *
     * @throws IllegalStateException at the end, when one could not be told at all
     */
    static void each(List<PendingSend> sends, Consumer<PendingSend> outcome) {
        Throwable untold = null;
        for (PendingSend send : sends) {
            try {
                end(send, outcome);
            } catch (Throwable e) {
                untold = e;
            }
        }
        if (untold != null) {
            throw new IllegalStateException(
                    "Telling the outcomes of " + sends.size()
                            + " sends failed for at least one of them, which has none",
                    untold);
        }
    }

    private static void end(PendingSend send, Consumer<PendingSend> outcome) {
        try {
            outcome.accept(send);
        } catch (Throwable e) {
            send.failed(SendFailures.untold(send, e));
        }
    }

    void confirmed(PendingSend send) {
        String returned = send.returnedWith();
        if (returned != null && unroutable == UnroutablePolicy.FAIL) {
            send.failed(SendFailures.unroutable(send, returned));
            return;
        }
        if (returned != null) {
            try {
                warn(send, returned);
            } finally { // whatever a logger throws
                send.delivered(true);
            }
            return;
        }
        send.delivered(true);
    }

    private void warn(PendingSend send, String returned) {
        logger.log(
                System.Logger.Level.WARNING,
                "A message to ''{0}'' reached no queue: {1}",
                Shown.text(send.message().topic()),
                Shown.text(returned));
    }

    void written(PendingSend send) {
        send.delivered(false);
    }

    void rejected(PendingSend send) {
        String returned = send.returnedWith();
        send.failed(returned == null ? SendFailures.rejected(send) : SendFailures.unroutable(send, returned));
    }

    /**
     * What the broker returned is nowhere, whether or not its confirmation came.
     *
     * @param all whether nothing else was written that has no answer, so that a single one is what the broker refused
     */
    void lost(List<PendingSend> sends, Closure closure, boolean all) {
        boolean surelyRefused = all && sends.size() == 1 && SendFailures.isOfMessage(closure);
        try {
            if (closure.kind() == Closure.Kind.BROKER && closure.code() == NOT_FOUND) {
                whenExchangeMissing.run();
            }
        } finally {
            each(sends, send -> lost(send, closure, surelyRefused));
        }
    }

    private static void lost(PendingSend send, Closure closure, boolean surelyRefused) {
        String returned = send.returnedWith();
        if (returned != null) {
            send.failed(SendFailures.unroutable(send, returned));
        } else {
            send.failed(surelyRefused ? SendFailures.refused(send, closure) : SendFailures.lost(send, closure));
        }
    }

    void unconfirmed(PendingSend send, @Nullable String obstacle) {
        String returned = send.returnedWith();
        send.failed(
                returned == null ? SendFailures.unconfirmed(send, obstacle) : SendFailures.unroutable(send, returned));
    }

    void abandoned(PendingSend send) {
        String returned = send.returnedWith();
        send.failed(returned == null ? SendFailures.abandoned(send) : SendFailures.unroutable(send, returned));
    }

    void unknownReturn(int code, String text) {
        logger.log(
                System.Logger.Level.WARNING,
                "The broker returned a message that this channel does not wait for any more: {0} {1}",
                String.valueOf(code),
                Shown.text(text));
    }
}
