package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.message.Shown;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The types that a setting can have, and how each is read from what the user gave. */
final class SettingTypes {
    private static final String A_DURATION = "a duration with a unit, such as 500ms, 30s, 5m, 1h, 2d or PT30S";
    private static final Pattern WITH_UNIT = Pattern.compile("([+-]?\\d{1,18})\\s*(ns|us|ms|s|m|h|d)");
    private static final Pattern MAY_BE_SECRET = Pattern.compile(
            ".*(passw|passphrase|secret|token|credential|jaas|key|cert|sasl|url|user).*", Pattern.CASE_INSENSITIVE);

    private SettingTypes() {}

    /**
     * What reading gave.
     *
     * @param value null when it could not be read
     * @param wanted what it must be, as the end of a sentence
     */
    record Read<T>(@Nullable T value, String wanted) {
        /** Names the type that was given; the value itself only where it cannot be a secret. */
        String problem(Object given, boolean secret) {
            String shown = secret || !harmless(given) ? "" : " (" + Shown.text(given) + ")";
            return "is of type " + given.getClass().getSimpleName() + shown + ", must be " + wanted;
        }
    }

    /** An address with credentials may have come under a wrong key, and anything may be in a list. */
    private static boolean harmless(Object given) {
        return given instanceof Number
                || given instanceof Boolean
                || (given instanceof String text && text.indexOf('@') < 0);
    }

    static boolean secret(String key) {
        return MAY_BE_SECRET.matcher(key).matches();
    }

    static Read<String> text(Object given) {
        return new Read<>(given instanceof String text ? text : null, "a text");
    }

    static Read<Boolean> flag(Object given) {
        String text = String.valueOf(given).strip();
        boolean fits = (given instanceof Boolean || given instanceof String)
                && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"));
        return new Read<>(fits ? Boolean.valueOf(text) : null, "true or false");
    }

    static Read<Integer> number(Object given) {
        boolean integral = given instanceof Integer
                || given instanceof Long
                || given instanceof Short
                || given instanceof Byte
                || given instanceof BigInteger;
        String text =
                integral || given instanceof String ? String.valueOf(given).strip() : "";
        Integer value = null;
        if (text.matches("[+-]?\\d{1,18}")) {
            long number = Long.parseLong(text);
            value = number == (int) number ? (int) number : null;
        }
        return new Read<>(value, "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
    }

    static Read<Duration> duration(Object given) {
        if (given instanceof Duration duration) {
            return new Read<>(duration, A_DURATION);
        }
        return new Read<>(given instanceof String text ? parsed(text.strip()) : null, A_DURATION);
    }

    private static @Nullable Duration parsed(String text) {
        Matcher matcher = WITH_UNIT.matcher(text);
        try {
            return matcher.matches()
                    ? Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2)))
                    : Duration.parse(text);
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private static ChronoUnit unit(String name) {
        return switch (name) {
            case "ns" -> ChronoUnit.NANOS;
            case "us" -> ChronoUnit.MICROS;
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }

    static Read<List<String>> list(Object given) {
        String wanted = "a text or a list of texts";
        if (given instanceof String text) {
            return new Read<>(List.of(text), wanted);
        }
        if (!(given instanceof List<?> elements) || !elements.stream().allMatch(String.class::isInstance)) {
            return new Read<>(null, wanted);
        }
        List<String> texts = new ArrayList<>();
        elements.forEach(element -> texts.add((String) element));
        return new Read<>(texts, wanted);
    }

    static <E extends Enum<E>> Read<E> choice(Object given, Class<E> type) {
        String name = given instanceof Enum<?> constant ? constant.name() : given instanceof String text ? text : "";
        String normal = name.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        E found = Stream.of(type.getEnumConstants())
                .filter(constant -> constant.name().equals(normal))
                .findFirst()
                .orElse(null);
        return new Read<>(
                found,
                Stream.of(type.getEnumConstants())
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" or ")));
    }

    /** What a driver reads as text. */
    static Read<String> anyText(Object given) {
        String wanted = "a text, a number, true, false or a list of them";
        if (given instanceof List<?> elements) {
            boolean fits = elements.stream().allMatch(SettingTypes::scalar);
            return new Read<>(
                    fits ? elements.stream().map(SettingTypes::plain).collect(Collectors.joining(",")) : null, wanted);
        }
        return new Read<>(scalar(given) ? plain(given) : null, wanted);
    }

    private static boolean scalar(@Nullable Object value) {
        return value instanceof String || value instanceof Boolean || value instanceof Number;
    }

    private static String plain(Object value) {
        return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
    }
}
