package io.microservicekit.messaging.api.message;

import org.jspecify.annotations.Nullable;

/** A broker could not be reached or refused us while something was opened or probed. The caller can wait and try again. */
public final class BackendUnavailableException extends MessagingException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its code and text.
     *
     * @param code what went wrong
     * @param message what was attempted, on what, why it failed, what to do; null for what the cause says
     */
    public BackendUnavailableException(ErrorCode code, @Nullable String message) {
        this(code, message, null);
    }

    /**
     * An error with its code, text and cause.
     *
     * @param code what went wrong
     * @param message what was attempted, on what, why it failed, what to do; null for what the cause says
     * @param cause the error below, or null when there is none
     */
    public BackendUnavailableException(ErrorCode code, @Nullable String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
