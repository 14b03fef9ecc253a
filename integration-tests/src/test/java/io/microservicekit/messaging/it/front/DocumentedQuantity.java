package io.microservicekit.messaging.it.front;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of a document with its unit.
 *
 * @param millis of a time, otherwise the plain number
 * @param time whether it has a unit of time
 */
record DocumentedQuantity(long millis, boolean time) {
    private static final Pattern TEXT = Pattern.compile("([0-9,]+)(?: (ms|s|min|h|d|B|KiB|MiB|TiB))?");
    private static final Map<String, Long> TIMES =
            Map.of("ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> SIZES =
            Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "TiB", 1L << 40);

    /** Null when the text is none. */
    static DocumentedQuantity of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1).replace(",", ""));
        String unit = matcher.group(2) == null ? "" : matcher.group(2);
        boolean time = TIMES.containsKey(unit);
        return new DocumentedQuantity(number * (time ? TIMES.get(unit) : SIZES.get(unit)), time);
    }

    /** The option that a key is for. */
    static String camel(String key) {
        StringBuilder camel = new StringBuilder();
        for (String word : key.substring(key.indexOf('.') + 1).split("_", -1)) {
            camel.append(camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return camel.toString();
    }

    /** As an argument of a builder. */
    Object as(Class<?> type) {
        if (type == Duration.class) {
            return Duration.ofMillis(millis);
        }
        if (type == String.class) {
            return "x".repeat(Math.toIntExact(millis));
        }
        return type == int.class ? (Object) Math.toIntExact(millis) : (Object) millis;
    }

    DocumentedQuantity plus(long more) {
        return new DocumentedQuantity(millis + more, time);
    }
}
