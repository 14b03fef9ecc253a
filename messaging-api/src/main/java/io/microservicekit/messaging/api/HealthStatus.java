package io.microservicekit.messaging.api;

import java.util.Objects;

/** How something is, from good to bad. */
public enum HealthStatus {
    /** All is well. */
    UP,
    /** It works, but something keeps some messages from going on; the reasons say what. */
    DEGRADED,
    /** It does not work; the reasons say why. */
    DOWN;

    /**
     * The worse of two.
     *
     * @param other another status
     * @return this or the other one
     */
    public HealthStatus or(HealthStatus other) {
        Objects.requireNonNull(other, "other");
        return compareTo(other) >= 0 ? this : other;
    }
}
