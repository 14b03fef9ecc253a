package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.internal.shared.Registry;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The commits of users that are not answered yet. Begun on any thread; numbered and answered on the loop. */
final class UserCommits {
    private final Registry<CompletableFuture<Void>> open = new Registry<>();
    private final Map<Long, Ticket> tickets = new TreeMap<>();
    private long last;

    private record Ticket(ReceivedMessage message, CompletableFuture<Void> answer) {}

    /** Whether somebody will answer; otherwise the subscription has ended. */
    boolean begin(CompletableFuture<Void> answer) {
        return open.add(answer);
    }

    long number(ReceivedMessage message, CompletableFuture<Void> answer) {
        tickets.put(++last, new Ticket(message, answer));
        return last;
    }

    void answer(long ticket, boolean accepted, @Nullable Throwable cause) {
        Ticket answered = tickets.remove(ticket);
        if (answered == null) {
            return;
        }
        open.remove(answered.answer());
        if (accepted) {
            answered.answer().complete(null);
        } else {
            answered.answer().completeExceptionally(noSession(answered.message(), cause));
        }
    }

    /** The subscription has ended: nobody waits any longer. */
    void close() {
        for (CompletableFuture<Void> answer : open.seal()) {
            answer.completeExceptionally(new ConsumeException(
                    ErrorCode.NO_ACTIVE_SESSION,
                    "Committing ended without the broker's answer: the subscription was closed. The message may be delivered"
                            + " again."));
        }
    }

    static ConsumeException noSession(ReceivedMessage message, @Nullable Throwable cause) {
        return new ConsumeException(
                ErrorCode.NO_ACTIVE_SESSION,
                "Committing " + message
                        + " had no effect: it belongs to no active session of this consumer. Its partition"
                        + " was taken away, its subscription was closed, or another consumer received it. Unless it was"
                        + " committed before, it is delivered again: commit it then.",
                cause);
    }
}
