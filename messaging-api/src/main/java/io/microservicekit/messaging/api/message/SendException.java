package io.microservicekit.messaging.api.message;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message was not confirmed by the broker. {@link #outcome()} tells whether sending it again may make a duplicate. */
public class SendException extends MessagingException {
    private static final long serialVersionUID = 1L;

    /** What became of the message. */
    private final SendOutcome outcome;

    /**
     * A failed send.
     *
     * @param code what went wrong
     * @param outcome {@link SendOutcome#NOT_DELIVERED} or {@link SendOutcome#UNKNOWN}
     * @param message what was attempted, on what, why it failed, what to do; null for what the cause says
     * @param cause the error below, or null when there is none
     */
    public SendException(ErrorCode code, SendOutcome outcome, @Nullable String message, @Nullable Throwable cause) {
        super(code, message, cause);
        this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    /**
     * What became of the message.
     *
     * @return {@link SendOutcome#NOT_DELIVERED} (safe to send again) or {@link SendOutcome#UNKNOWN} (sending again may make a duplicate)
     */
    public SendOutcome outcome() {
        return outcome;
    }
}
