package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagingException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Texts for reports: without payloads or secrets, on one line, of limited length. */
public final class ReasonText {
    private static final int LONGEST = 500;

    private ReasonText() {}

    /** An error of ours with its text, which is made to be shown; of any other only the class, since its text may hold a payload. */
    public static String of(Throwable error) {
        return error instanceof MessagingException own
                ? own.code() + ": " + printable(String.valueOf(own.getMessage()))
                : error.getClass().getName();
    }

    /** A text from outside, with control characters escaped, and cut. */
    public static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && shown.length() < LONGEST; i++) {
            char c = text.charAt(i);
            shown.append(isPlain(c) ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return shown.length() < LONGEST ? shown.toString() : shown.append('…').toString();
    }

    /** Neither a control character nor one that turns the direction of the text or breaks its line. */
    private static boolean isPlain(char c) {
        int type = Character.getType(c);
        return !Character.isISOControl(c)
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }

    static String text(Duration duration) {
        return duration.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
