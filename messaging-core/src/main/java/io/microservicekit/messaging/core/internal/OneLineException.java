package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.Shown;
import org.jspecify.annotations.Nullable;

/**
 * What a log gets in the place of an exception whose text, or that of a cause, has line breaks: texts come from outside, and a line that begins with a
 * time and a level would be taken for one of the application. It has the class names and stack traces of the original.
 */
@SuppressWarnings("OverrideThrowableToString") // it stands for an exception of another class
final class OneLineException extends Exception {
    private static final long serialVersionUID = 1;
    private static final int DEEPEST = 10;

    /** What a log prints. */
    private final String printed;

    private OneLineException(Throwable original, @Nullable Throwable cause) {
        super(original.getMessage() == null ? null : Shown.text(original.getMessage()), cause);
        printed = Shown.text(original.toString());
        setStackTrace(original.getStackTrace());
    }

    /** The exception itself when all its texts are single lines. */
    static Throwable of(Throwable thrown) {
        return isOneLine(thrown, 0) ? thrown : copy(thrown, 0);
    }

    private static boolean isOneLine(@Nullable Throwable thrown, int depth) {
        if (thrown == null || depth == DEEPEST) {
            return thrown == null; // what is deeper is left out
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (!isOneLine(suppressed, depth + 1)) {
                return false;
            }
        }
        return isOneLine(thrown.getMessage())
                && isOneLine(thrown.toString())
                && isOneLine(thrown.getCause(), depth + 1);
    }

    private static boolean isOneLine(@Nullable String text) {
        return text == null || text.chars().noneMatch(Character::isISOControl);
    }

    private static OneLineException copy(Throwable thrown, int depth) {
        Throwable cause = thrown.getCause();
        OneLineException copy =
                new OneLineException(thrown, cause == null || depth == DEEPEST ? null : copy(cause, depth + 1));
        if (depth < DEEPEST) {
            for (Throwable suppressed : thrown.getSuppressed()) {
                copy.addSuppressed(copy(suppressed, depth + 1));
            }
        }
        return copy;
    }

    @Override
    public String toString() {
        return printed;
    }
}
