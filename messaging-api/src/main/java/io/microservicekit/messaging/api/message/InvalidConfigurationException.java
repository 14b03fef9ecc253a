package io.microservicekit.messaging.api.message;

import org.jspecify.annotations.Nullable;

/** An option or argument is wrong; found before any I/O. The caller can mend the set-up or the program. */
public final class InvalidConfigurationException extends MessagingException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with its code and text.
     *
     * @param code what went wrong
     * @param message what was attempted, on what, why it failed, what to do; null for what the cause says
     */
    public InvalidConfigurationException(ErrorCode code, @Nullable String message) {
        this(code, message, null);
    }

    /**
     * An error with its code, text and cause.
     *
     * @param code what went wrong
     * @param message what was attempted, on what, why it failed, what to do; null for what the cause says
     * @param cause the error below, or null when there is none
     */
    public InvalidConfigurationException(ErrorCode code, @Nullable String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
