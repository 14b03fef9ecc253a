package io.microservicekit.messaging.api.message;

import org.jspecify.annotations.Nullable;

/** Text from outside, made fit for error messages and logs: it cannot forge lines and does not flood. */
public final class Shown {
    private static final int MOST = 256;

    private Shown() {}

    /**
     * The text with control characters and line separators escaped, cut after 256 characters. Not for secrets.
     *
     * @param value anything; its {@code toString} is shown
     * @return one line; {@code null} for null
     */
    public static String text(@Nullable Object value) {
        String text = String.valueOf(value);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < MOST; i++) {
            char c = text.charAt(i);
            shown.append(breaksLines(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return text.length() > MOST ? shown.append("…").toString() : shown.toString();
    }

    private static boolean breaksLines(char c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }
}
