package io.microservicekit.messaging.core.internal;

/** Text from outside, made fit for errors and logs: control characters escaped, long ones cut. */
final class Printable {
    private static final int MOST = 100;

    private Printable() {}

    static String of(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < MOST; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return text.length() > MOST ? shown.append("…").toString() : shown.toString();
    }
}
