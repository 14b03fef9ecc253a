package io.microservicekit.messaging.api;

import org.jspecify.annotations.Nullable;

/** Thrown by a handler to say that another attempt is of no use: the message is exhausted at once. */
public class NonRetryableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An error that is not to be retried.
     *
     * @param message why; becomes the dead letter's {@code x-error-message}; null for what the cause says
     */
    public NonRetryableException(@Nullable String message) {
        this(message, null);
    }

    /**
     * An error that is not to be retried.
     *
     * @param message why; becomes the dead letter's {@code x-error-message}; null for what the cause says
     * @param cause the error below, or null
     */
    public NonRetryableException(@Nullable String message, @Nullable Throwable cause) {
        super(message == null ? String.valueOf(cause) : message, cause);
    }
}
