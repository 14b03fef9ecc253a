package io.microservicekit.messaging.api.spi;

import java.util.Objects;

/**
 * One value of a configuration. Immutable.
 *
 * @param name as the user wrote it, for error messages: {@code kafka.revoke_drain} or {@code MESSAGING_KAFKA_REVOKE_DRAIN}
 * @param value a text, number, truth value, duration or list; may be a secret
 */
public record Setting(String name, Object value) {
    /**
     * Checks that nothing is missing.
     *
     * @param name see the component
     * @param value see the component
     */
    public Setting {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }

    /** The name only: the value may be a secret. */
    @Override
    public String toString() {
        return name + "=***";
    }
}
