package io.microservicekit.messaging.core.internal;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All keys that a configuration can have: those of the client, and below its type those of each backend. */
public final class ConfigKeys {
    static final String TYPE = "type";
    static final String BROKERS = "brokers";
    static final String URL = "url";
    static final String CLIENT_ID = "client_id";
    static final String CONNECT_TIMEOUT = "connect_timeout";
    static final String STARTUP = "startup";

    private static final List<String> CLIENT =
            Collections.unmodifiableList(Arrays.asList(TYPE, BROKERS, URL, CLIENT_ID, CONNECT_TIMEOUT, STARTUP));
    /** Known before there is a backend of that type: one configuration may describe several. */
    private static final List<String> RABBITMQ = Collections.unmodifiableList(
            Arrays.asList("exchange", "exchange_type", "durable", "auto_ack", "prefetch_count", "confirm"));

    private final Set<String> all = new TreeSet<>(CLIENT);
    private final Map<String, String> byVariable = new LinkedHashMap<>();

    ConfigKeys(Map<String, Set<String>> byType) {
        byType.forEach((type, keys) -> keys.forEach(key -> all.add(type + "." + key)));
        if (!byType.containsKey("rabbitmq")) {
            RABBITMQ.forEach(key -> all.add("rabbitmq." + key));
        }
        all.forEach(key -> byVariable.merge(variable(key), key, ConfigKeys::own));
    }

    /** Of two keys with one variable that of ours, which has no dots but the one behind the type; the other is a setting of the driver. */
    private static String own(String one, String other) {
        return one.indexOf('.') == one.lastIndexOf('.') ? one : other;
    }

    /** The keys without a type before them. */
    public static List<String> client() {
        return CLIENT;
    }

    static boolean ofClient(String key) {
        return CLIENT.contains(key);
    }

    /** The environment variable of a key. */
    public static String variable(String key) {
        return ConfigSource.VARIABLES + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    boolean contains(String key) {
        return all.contains(key);
    }

    /** The key of an environment variable, null when it is none of ours. */
    @Nullable String ofVariable(String variable) {
        return byVariable.get(variable);
    }

    /** What to say behind an unknown name: the nearest key, if one is near. */
    String suggestion(String key) {
        return nearest(key, all);
    }

    String variableSuggestion(String variable) {
        return nearest(variable, byVariable.keySet());
    }

    private static String nearest(String unknown, Set<String> known) {
        String best = null;
        int least = 1 + Math.min(3, unknown.length() / 3);
        for (String candidate : known) {
            int distance = candidate.startsWith(unknown) ? 1 : EditDistance.between(normal(unknown), normal(candidate));
            if (distance < least) {
                best = candidate;
                least = distance;
            }
        }
        return best == null ? "" : ", did you mean '" + best + "'?";
    }

    /** {@code clientId}, {@code client-id} and {@code client_id} are near each other. */
    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
    }
}
