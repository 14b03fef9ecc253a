package io.microservicekit.messaging.api.message;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The root of all errors of this library: unchecked, with a stable {@link ErrorCode}.
 *
 * <p>The text says what was attempted, on what, why it failed and what to do; it never contains a payload or a secret. The subclass says where
 * it happened and thereby what the caller can do about it.
 */
public class MessagingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The code of this error. */
    private final ErrorCode code;

    /**
     * An error with its code and text.
     *
     * @param code what went wrong
     * @param message what was attempted, on what, why it failed, what to do; null for what the cause says
     */
    public MessagingException(ErrorCode code, @Nullable String message) {
        this(code, message, null);
    }

    /**
     * An error with its code, text and cause.
     *
     * @param code what went wrong
     * @param message what was attempted, on what, why it failed, what to do; null for what the cause says
     * @param cause the error below, or null when there is none
     */
    public MessagingException(ErrorCode code, @Nullable String message, @Nullable Throwable cause) {
        super(message == null ? String.valueOf(cause) : message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /**
     * What went wrong, as specifically as it is known.
     *
     * @return the code, never null
     */
    public final ErrorCode code() {
        return code;
    }

    /**
     * Whether an error, one of its causes or one of their suppressed errors has the given code or a case of it.
     *
     * @param error the error to look into, null is never a match
     * @param code the code to look for
     * @return true when some {@code MessagingException} in there {@linkplain ErrorCode#isA is a} {@code code}
     */
    public static boolean is(@Nullable Throwable error, ErrorCode code) {
        Objects.requireNonNull(code, "code");
        return has(error, code, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean has(@Nullable Throwable error, ErrorCode code, Set<Throwable> seen) {
        if (error == null || !seen.add(error)) {
            return false;
        }
        if (error instanceof MessagingException own && own.code.isA(code)) {
            return true;
        }
        for (Throwable suppressed : error.getSuppressed()) {
            if (has(suppressed, code, seen)) {
                return true;
            }
        }
        return has(error.getCause(), code, seen);
    }
}
