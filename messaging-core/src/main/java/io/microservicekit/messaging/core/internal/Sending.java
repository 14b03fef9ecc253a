package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.internal.engine.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One send from its hand-over to its outcome, which comes on the adapter's thread. The user's future is one of its own: one derived by the library's
 * methods would carry a CompletionException around the error, and completing it would end the adapter's.
 */
final class Sending implements BiConsumer<SendResult, @Nullable Throwable> {
    /** In place of the bytes that take room. */
    static final long DEAD_LETTER = -1;

    private final SendPath path;
    private final Message message;
    private final long bytes;
    private final Duration timeout;
    private final long start;
    private final CompletableFuture<SendResult> outcome;
    private @Nullable SendException unknownBefore;

    Sending(SendPath path, Message message, long bytes, Duration timeout) {
        this.path = path;
        this.message = message;
        this.bytes = bytes;
        this.timeout = timeout;
        this.start = path.parts().runtime().nanoTime();
        this.outcome = path.parts().runtime().future();
    }

    CompletableFuture<SendResult> begin() {
        path.begun(start);
        hand(message, timeout);
        return outcome;
    }

    private void hand(Message sent, Duration limit) {
        CompletableFuture<?> unused = Answer.of(() -> bytes == DEAD_LETTER
                        ? path.backend().sendDeadLetter(sent, limit)
                        : path.backend().send(sent, limit))
                .whenComplete(this);
    }

    @Override
    public void accept(SendResult result, @Nullable Throwable error) {
        if (error == null) {
            confirmed(result);
        } else {
            MessagingException failure = SendErrors.of(message, error);
            if (!sentAgain(failure)) {
                failed(unknownBefore == null ? failure : SendErrors.unknownTwice(unknownBefore, failure));
            }
        }
    }

    /** Whoever waits for the outcome gets it, whatever happens on the way: there may be no memory for the rest. */
    private void confirmed(SendResult result) {
        try {
            path.confirmed(start);
            path.decided(bytes);
            path.parts().observer().sent(result, path.parts().runtime().nanoTime() - start);
        } finally {
            outcome.complete(result);
        }
    }

    private void failed(MessagingException failure) {
        try {
            path.failed(start);
            path.decided(bytes);
            path.parts().observer().sendFailed(message.topic(), failure);
        } finally {
            outcome.completeExceptionally(failure);
        }
    }

    /** Once, in what is left of its time. The engine sends dead letters again itself. */
    private boolean sentAgain(MessagingException failure) {
        boolean wanted = path.options().retryUnknown() && unknownBefore == null && bytes != DEAD_LETTER;
        if (!wanted || !(failure instanceof SendException first) || first.outcome() != SendOutcome.UNKNOWN) {
            return false;
        }
        Duration left = timeout.minusNanos(path.parts().runtime().nanoTime() - start);
        if (left.isNegative() || left.isZero()) {
            return false;
        }
        unknownBefore = first;
        hand(Outgoing.again(message), left);
        return true;
    }
}
