package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.Setting;
import io.microservicekit.messaging.api.spi.Settings;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several configurations as one: what was given beats the environment, and of two of a kind the later call wins. */
final class Configuration {
    private final ConfigKeys keys;
    private final Problems problems;
    private final System.Logger logger;
    private final Map<String, Setting> environment = new LinkedHashMap<>();
    private final Map<String, Setting> given = new LinkedHashMap<>();

    Configuration(ConfigKeys keys, Problems problems, System.Logger logger) {
        this.keys = keys;
        this.problems = problems;
        this.logger = logger;
    }

    void add(ConfigSource source) {
        problems.addAll(source.problems());
        if (source.isEnvironment()) {
            source.settings().forEach(this::addVariable);
        } else {
            given.putAll(source.settings());
        }
    }

    /** Kubernetes sets variables for each service, so that one named {@code messaging} makes some that look like ours. */
    private void addVariable(String name, Setting setting) {
        String key = keys.ofVariable(name);
        if (key == null) {
            logger.log(
                    Level.WARNING,
                    "The environment variable " + Shown.text(name) + " is none of this library and is ignored"
                            + keys.variableSuggestion(name));
        } else {
            environment.put(key, setting);
        }
    }

    /** Keys that nobody knows are violations, but for those below a type of which there is no backend: that is the error then. */
    void checkKeys(@Nullable String missingType) {
        for (String key : given.keySet()) {
            boolean excused = missingType != null && key.startsWith(missingType + ".");
            if (!keys.contains(key) && !excused) {
                problems.add("'" + Shown.text(key) + "' is not a key" + keys.suggestion(key));
            }
        }
    }

    /** The values that are not a backend's own. */
    Settings ofClient() {
        Map<String, Setting> own = new LinkedHashMap<>();
        all().forEach((key, setting) -> {
            if (ConfigKeys.ofClient(key)) {
                own.put(key, setting);
            }
        });
        return new Settings(List.of(), null, own);
    }

    /** The known values below a type. */
    Map<String, Setting> ofBackend(String type) {
        Map<String, Setting> own = new LinkedHashMap<>();
        all().forEach((key, setting) -> {
            if (key.startsWith(type + ".") && keys.contains(key)) {
                own.put(key.substring(type.length() + 1), setting);
            }
        });
        return own;
    }

    /**
     * What was given, not by the environment, about the backend: typed options cannot be mixed with it. Variables are set for a whole machine and
     * are simply overruled.
     */
    List<String> ofGivenBackend(String type) {
        return given.keySet().stream()
                .filter(key -> key.equals(ConfigKeys.TYPE)
                        || key.equals(ConfigKeys.BROKERS)
                        || key.equals(ConfigKeys.URL)
                        || key.startsWith(type + "."))
                .toList();
    }

    private Map<String, Setting> all() {
        Map<String, Setting> all = new LinkedHashMap<>(environment);
        all.putAll(given);
        return all;
    }
}
