package io.microservicekit.messaging.api;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * A password, a key or a token in the options of a backend. What prints an option prints three stars in its place; the value is asked for when a
 * connection needs it and is kept nowhere else. Two secrets are equal only when they are the same object. Thread-safe if its supplier is.
 */
public final class Secret {
    private final Supplier<String> source;

    private Secret(Supplier<String> source) {
        this.source = source;
    }

    /**
     * A secret that stays the same.
     *
     * @param value the value
     * @return a secret
     */
    public static Secret of(String value) {
        Objects.requireNonNull(value, "value");
        return new Secret(() -> value);
    }

    /**
     * A secret that may change, for example one that is read from a vault or from a file which another process renews.
     *
     * @param source asked whenever the value is needed, on threads of the backend's driver and by several at once; must answer quickly, without
     *     null. Its exceptions end the attempt that needed the value; their texts are not shown
     * @return a secret
     */
    public static Secret suppliedBy(Supplier<String> source) {
        return new Secret(Objects.requireNonNull(source, "source"));
    }

    /**
     * The value at present.
     *
     * @return the value; do not print it
     * @throws NullPointerException when its supplier answers null
     * @throws RuntimeException whatever its supplier throws
     */
    public String reveal() {
        return Objects.requireNonNull(source.get(), "the supplier of a secret answered null");
    }

    /** Three stars. */
    @Override
    public String toString() {
        return "***";
    }
}
