package io.microservicekit.messaging.rabbitmq.internal.codec;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one text of a typed header: numbers in decimal, truth values as {@code true} and {@code false}, times in ISO-8601, tables and lists as JSON with
 * sorted names, bytes inside them in base 64.
 */
final class CanonicalText {
    private final StringBuilder text = new StringBuilder();

    private CanonicalText() {}

    static byte[] of(Object plain) {
        CanonicalText canonical = new CanonicalText();
        if (plain instanceof List<?> || plain instanceof Map<?, ?>) {
            canonical.json(plain);
        } else {
            canonical.text.append(scalar(plain));
        }
        return canonical.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String scalar(Object plain) {
        if (plain instanceof BigDecimal number) {
            return number.toPlainString();
        }
        return plain instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : plain.toString();
    }

    private void json(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            text.append(value);
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof List<?> list) {
            list(list);
        } else if (value instanceof Map<?, ?> table) {
            table(table);
        } else {
            string(scalar(value));
        }
    }

    /** JSON has no infinity and no NaN. */
    private void number(Number number) {
        double value = number.doubleValue();
        boolean inJson = !Double.isNaN(value) && !Double.isInfinite(value);
        text.append(inJson ? scalar(number) : "\"" + number + "\"");
    }

    private void list(List<?> list) {
        text.append('[');
        String separator = "";
        for (Object element : list) {
            text.append(separator);
            json(element);
            separator = ",";
        }
        text.append(']');
    }

    private void table(Map<?, ?> table) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : table.entrySet()) {
            text.append(separator);
            string(String.valueOf(entry.getKey()));
            text.append(':');
            json(entry.getValue());
            separator = ",";
        }
        text.append('}');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
