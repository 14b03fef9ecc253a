package io.microservicekit.messaging.api.message;

import org.jspecify.annotations.Nullable;

/** Something went wrong while consuming: a subscription failed or could not be used. The caller can look at the cause and subscribe again. */
public final class ConsumeException extends MessagingException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its code and text.
     *
     * @param code what went wrong
     * @param message what was attempted, on what, why it failed, what to do; null for what the cause says
     */
    public ConsumeException(ErrorCode code, @Nullable String message) {
        this(code, message, null);
    }

    /**
     * An error with its code, text and cause.
     *
     * @param code what went wrong
     * @param message what was attempted, on what, why it failed, what to do; null for what the cause says
     * @param cause the error below, or null when there is none
     */
    public ConsumeException(ErrorCode code, @Nullable String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
