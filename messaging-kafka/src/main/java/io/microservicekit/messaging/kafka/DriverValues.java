package io.microservicekit.messaging.kafka;

import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Whether the driver would take a value; by itself it says so only when its first producer or consumer is made. */
final class DriverValues {
    private DriverValues() {}

    private static List<ConfigDef> all() {
        return List.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());
    }

    /** A value as the driver reads it, so that nobody here reads another one: without blanks around it, but for secrets. */
    static String asRead(String name, String value) {
        for (ConfigDef settings : all()) {
            ConfigDef.ConfigKey setting = settings.configKeys().get(name);
            if (setting != null && setting.type == ConfigDef.Type.PASSWORD) {
                return value;
            }
        }
        return value.trim();
    }

    /** What a value must be, null when it is. The value is not repeated: it may be a secret. */
    static @Nullable String reason(String name, String value) {
        for (ConfigDef settings : all()) {
            ConfigDef.ConfigKey setting = settings.configKeys().get(name);
            if (setting != null && !takes(setting, value)) {
                return "must be " + type(setting.type) + bounds(setting.validator);
            }
        }
        return null;
    }

    private static boolean takes(ConfigDef.ConfigKey setting, String value) {
        if (setting.type == ConfigDef.Type.CLASS) {
            // To look would load it; those that may pass are Kafka's own.
            return true;
        }
        try {
            Object parsed = ConfigDef.parseType(setting.name, value, setting.type);
            if (setting.validator != null) {
                setting.validator.ensureValid(setting.name, parsed);
            }
            return true;
        } catch (ConfigException e) {
            return false;
        }
    }

    private static String type(ConfigDef.Type type) {
        return switch (type) {
            case BOOLEAN -> "true or false";
            case SHORT, INT, LONG -> "a whole number";
            case DOUBLE -> "a number";
            default -> "a " + type.name().toLowerCase(Locale.ROOT);
        };
    }

    /** As the driver describes them; not all of its checks can. */
    private static String bounds(ConfigDef.@Nullable Validator validator) {
        String text = String.valueOf(validator);
        return validator == null || text.contains("@") ? "" : ", within the driver's " + text;
    }
}
