package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.api.message.Shown;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a broker says when an exchange or queue is there with other properties than were asked for. Of several it names the first. Immutable.
 *
 * @param argument the property or argument that differs
 * @param kind queue or exchange
 * @param entity its name
 * @param wanted what was asked for, as the broker puts it
 * @param actual what is there, as the broker puts it
 */
record Mismatch(String argument, String kind, String entity, String wanted, String actual) {
    /** All versions from 3.8 to 4.3 word it so. */
    private static final Pattern WORDING = Pattern.compile(
            "inequivalent arg '(.*?)' for (queue|exchange) '(.*?)' in vhost '.*?': received (.*?) but current is (.*)",
            Pattern.DOTALL);

    private static final Pattern VALUE = Pattern.compile("the value '(.*)' of type '([a-z]+)'", Pattern.DOTALL);
    /** How it is written where both sides have the argument. */
    private static final Pattern BARE = Pattern.compile("'(.*)'", Pattern.DOTALL);

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
    private static final String NOTHING = "none";

    /** Reads the broker's text; null when it says something else. */
    static @Nullable Mismatch read(String text) {
        Matcher found = WORDING.matcher(text);
        return found.find()
                ? new Mismatch(found.group(1), found.group(2), found.group(3), found.group(4), found.group(5))
                : null;
    }

    /** Whether the queue that is there has no such argument. */
    boolean isMissing() {
        return actual.equals(NOTHING);
    }

    /** The flag that is there; null when it is none, or when the broker's text was cut. */
    @Nullable Boolean flag() {
        return switch (actual) {
            case "'true'" -> Boolean.TRUE;
            case "'false'" -> Boolean.FALSE;
            default -> null;
        };
    }

    /**
     * The argument that is there, so that it can be asked for; null when it cannot be read: the broker cuts its text after 255 bytes. Where both sides
     * have it, it is taken to be of the type that was asked for, since the broker does not say.
     */
    @Nullable Object value(@Nullable Object asked) {
        Matcher typed = VALUE.matcher(actual);
        if (typed.matches()) {
            return value(typed.group(1), typed.group(2));
        }
        Matcher bare = BARE.matcher(actual);
        return bare.matches() ? value(bare.group(1), typeOf(asked)) : null;
    }

    private static String typeOf(@Nullable Object asked) {
        return asked instanceof Boolean ? "bool" : asked instanceof Number ? "number" : "longstr";
    }

    private static @Nullable Object value(String text, String type) {
        return switch (type) {
            case "longstr" -> text;
            case "bool" -> Boolean.valueOf(text);
            default -> INTEGER.matcher(text).matches() ? (Object) Long.valueOf(text) : null;
        };
    }

    @Override
    public String toString() {
        return kind + " '" + Shown.text(entity) + "' is there with another '" + Shown.text(argument) + "': wanted "
                + Shown.text(wanted) + ", actual " + Shown.text(actual);
    }
}
