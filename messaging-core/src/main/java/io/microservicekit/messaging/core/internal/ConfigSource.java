package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One configuration as it was given, flat: nested maps have become keys with dots. Immutable; checked when a client is built. */
public final class ConfigSource {
    /** What every variable of ours begins with. */
    public static final String VARIABLES = "MESSAGING_";

    private static final int DEEPEST = 16;

    private final boolean environment;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private ConfigSource(boolean environment) {
        this.environment = environment;
    }

    public static ConfigSource of(Map<?, ?> values) {
        ConfigSource source = new ConfigSource(false);
        source.flatten("", values, 0);
        return source;
    }

    public static ConfigSource of(Properties properties) {
        ConfigSource source = new ConfigSource(false);
        properties.stringPropertyNames().stream()
                .sorted()
                .forEach(name -> source.put(name, properties.getProperty(name)));
        properties.forEach((name, value) -> {
            if (!(name instanceof String text && properties.getProperty(text) != null)) {
                source.put(String.valueOf(name), value);
            }
        });
        return source;
    }

    /** Only what begins as ours; a variable that is set to nothing counts as not set. */
    public static ConfigSource ofEnvironment(Map<String, String> variables) {
        ConfigSource source = new ConfigSource(true);
        variables.forEach((name, value) -> {
            if (name.startsWith(VARIABLES) && value != null && !value.isBlank()) {
                source.put(name, value);
            }
        });
        return source;
    }

    private void flatten(String prefix, Map<?, ?> values, int depth) {
        values.forEach((key, value) -> {
            String name = prefix + key;
            if (!(key instanceof String text) || text.isBlank()) {
                problems.add("a key below '" + Shown.text(prefix) + "' is '" + Shown.text(key) + "', must be a text");
            } else if (value instanceof Map<?, ?> nested && !ConfigKeys.ofClient(name) && depth < DEEPEST) {
                flatten(name + ".", nested, depth + 1);
            } else {
                put(name, value);
            }
        });
    }

    /** Null is what YAML makes of a key without a value: not set. */
    private void put(String name, @Nullable Object value) {
        if (value != null && settings.put(name, new Setting(name, copy(value, 0))) != null) {
            problems.add("'" + Shown.text(name) + "' is given twice, nested and with dots");
        }
    }

    /** Lists and maps are the caller's, who may change them before a client is built. Deeper ones than anybody writes stay as they are. */
    private static Object copy(Object value, int depth) {
        if (depth < DEEPEST && value instanceof List<?> list) {
            List<@Nullable Object> copied = new ArrayList<>(list.size());
            list.forEach(element -> copied.add(element == null ? null : copy(element, depth + 1)));
            return Collections.unmodifiableList(copied);
        }
        if (depth < DEEPEST && value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> copied = new LinkedHashMap<>();
            map.forEach((key, element) -> copied.put(key, element == null ? null : copy(element, depth + 1)));
            return Collections.unmodifiableMap(copied);
        }
        return value;
    }

    /** Whether the names are those of environment variables. */
    boolean isEnvironment() {
        return environment;
    }

    Map<String, Setting> settings() {
        return Collections.unmodifiableMap(settings);
    }

    List<String> problems() {
        return problems;
    }

    /** Names only. */
    @Override
    public String toString() {
        return settings.keySet().toString();
    }
}
