package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.Shown;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Texts for reports: without payloads or secrets, on one line, of limited length. */
public final class ReasonText {
    private static final int LONGEST = 500;
    /** Fewer than {@link Shown} cuts after: errors of ours are longer than what it is made for. */
    private static final int PIECE = 100;

    private ReasonText() {}

    /** An error of ours with its text, which is made to be shown; of any other only the class, since its text may hold a payload. */
    public static String of(Throwable error) {
        return error instanceof MessagingException own
                ? own.code() + ": " + printable(String.valueOf(messageOf(own)))
                : error.getClass().getName();
    }

    /** What an exception says; null also when it throws at being asked: that of a user may do anything. */
    static @Nullable String messageOf(Throwable error) {
        try {
            return error.getMessage();
        } catch (Throwable broken) {
            return null;
        }
    }

    /** A text from outside, with control characters escaped, and cut. */
    public static String printable(String text) {
        int end = Math.min(text.length(), LONGEST);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < end; i += PIECE) {
            shown.append(Shown.text(text.substring(i, Math.min(i + PIECE, end))));
        }
        return end < text.length() ? shown.append('…').toString() : shown.toString();
    }

    static String text(Duration duration) {
        return duration.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
