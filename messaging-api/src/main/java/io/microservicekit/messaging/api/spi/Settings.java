package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.message.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a backend's options are made from: addresses, and values by the backend's own keys, as text or typed as the user gave them. Each reading
 * method passes the value on when there is one of the right type, does nothing when there is none, and otherwise collects a violation, so that one
 * error can name them all; ranges are checked by the options themselves. Not thread-safe.
 *
 * <pre>{@code
 * KafkaOptionsBuilder options = KafkaOptions.builder().brokers(settings.brokers());
 * settings.duration("revoke_drain", options::revokeDrain);
 * settings.others(options::property);
 * }</pre>
 */
public final class Settings {
    private final List<String> brokers;
    private final @Nullable String url;
    private final Map<String, Setting> values;
    private final Set<String> read = new LinkedHashSet<>();
    private final List<String> violations = new ArrayList<>();

    /**
     * Settings as a client collected them.
     *
     * @param brokers the addresses as given, empty when none was set
     * @param url the address with everything in it, as AMQP has it; null when none was set
     * @param values by key, without the type's prefix
     */
    public Settings(List<String> brokers, @Nullable String url, Map<String, Setting> values) {
        this.brokers = Collections.unmodifiableList(new ArrayList<>(brokers));
        this.url = url;
        this.values = new LinkedHashMap<>(values);
    }

    /**
     * Settings without a URL, each value named by its key.
     *
     * @param brokers the addresses as given
     * @param values by key
     * @return new settings
     */
    public static Settings of(List<String> brokers, Map<String, ?> values) {
        Map<String, Setting> named = new LinkedHashMap<>();
        values.forEach((key, value) -> named.put(key, new Setting(key, value)));
        return new Settings(brokers, null, named);
    }

    /**
     * The broker addresses.
     *
     * @return as given, empty when none was set
     */
    public List<String> brokers() {
        return brokers;
    }

    /**
     * The address with everything in it, credentials included.
     *
     * @return as given, null when none was set
     */
    public @Nullable String url() {
        return url;
    }

    /**
     * Reads a text.
     *
     * @param key the key
     * @param use gets the text
     */
    public void text(String key, Consumer<String> use) {
        read(key, SettingTypes::text, use);
    }

    /**
     * Reads a truth value: a {@code Boolean}, or the text {@code true} or {@code false}.
     *
     * @param key the key
     * @param use gets the truth value
     */
    public void flag(String key, Consumer<Boolean> use) {
        read(key, SettingTypes::flag, use);
    }

    /**
     * Reads a whole number: an integral {@code Number}, or its decimal text.
     *
     * @param key the key
     * @param use gets the number
     */
    public void number(String key, IntConsumer use) {
        read(key, SettingTypes::number, use::accept);
    }

    /**
     * Reads a duration: a {@link Duration}, or a text with a unit: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 2d} or {@code PT30S}.
     *
     * @param key the key
     * @param use gets the duration
     */
    public void duration(String key, Consumer<Duration> use) {
        read(key, SettingTypes::duration, use);
    }

    /**
     * Reads texts: a list of them, or a single one, which is not taken apart.
     *
     * @param key the key
     * @param use gets the texts
     */
    public void list(String key, Consumer<List<String>> use) {
        read(key, SettingTypes::list, use);
    }

    /**
     * Reads one of some names: the constant itself, or its name in any case, with {@code -} or {@code _}.
     *
     * @param <E> the enum
     * @param key the key
     * @param type the enum's class
     * @param use gets the constant
     */
    public <E extends Enum<E>> void choice(String key, Class<E> type, Consumer<E> use) {
        read(key, value -> SettingTypes.choice(value, type), use);
    }

    /**
     * Passes on each value that no method has read so far, as text: for settings that go to a driver unread.
     *
     * @param use gets key and text; a list becomes one text with commas between
     */
    public void others(BiConsumer<String, String> use) {
        for (String key : new ArrayList<>(values.keySet())) {
            if (!read.contains(key)) {
                read(key, SettingTypes::anyText, text -> use.accept(key, text));
            }
        }
    }

    /**
     * Adds a violation of the backend's own.
     *
     * @param violation a clause that names the key, what is wrong and what it must be; never a secret
     */
    public void violation(String violation) {
        violations.add(violation);
    }

    /**
     * What could not be read so far; the client asks for it after the options are made.
     *
     * @return a clause for each violation, in the order of the reading
     */
    public List<String> violations() {
        return Collections.unmodifiableList(violations);
    }

    private <T> void read(String key, Function<Object, SettingTypes.Read<T>> type, Consumer<T> use) {
        read.add(key);
        Setting setting = values.get(key);
        if (setting == null) {
            return;
        }
        SettingTypes.Read<T> result = type.apply(setting.value());
        T value = result.value();
        if (value == null) {
            violations.add("'" + Shown.text(setting.name()) + "' "
                    + result.problem(setting.value(), SettingTypes.secret(key)));
        } else {
            use.accept(value);
        }
    }

    /** The names of the values only: some may be secrets. */
    @Override
    public String toString() {
        return "Settings" + values.values();
    }
}
