package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.api.message.Shown;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a broker says when an exchange or queue is there with other properties than were asked for. Immutable.
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

    /** Reads the broker's text; null when it says something else. */
    static @Nullable Mismatch read(String text) {
        Matcher found = WORDING.matcher(text);
        return found.find()
                ? new Mismatch(found.group(1), found.group(2), found.group(3), found.group(4), found.group(5))
                : null;
    }

    @Override
    public String toString() {
        return kind + " '" + Shown.text(entity) + "' is there with another '" + Shown.text(argument) + "': wanted "
                + Shown.text(wanted) + ", actual " + Shown.text(actual);
    }
}
