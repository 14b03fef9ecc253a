package io.microservicekit.messaging.rabbitmq;

import io.microservicekit.messaging.api.Secret;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file with certificates, or with a private key and its certificates. It is read when a client is built, not here. Immutable.
 */
public final class RabbitMqStore {
    private final String type;
    private final Path location;
    private final @Nullable Secret password;

    private RabbitMqStore(String type, Path location, @Nullable Secret password) {
        this.type = type;
        this.location = Objects.requireNonNull(location, "location");
        this.password = password;
    }

    /**
     * A PEM file: certificates of authorities; or a private key (PKCS #8, not encrypted) and, in the same file, its certificate and those above it.
     *
     * @param location the file
     * @return a store
     */
    public static RabbitMqStore pem(Path location) {
        return new RabbitMqStore("PEM", location, null);
    }

    /**
     * A PKCS #12 file; its password opens the key in it too.
     *
     * @param location the file
     * @param password what opens it
     * @return a store
     */
    public static RabbitMqStore pkcs12(Path location, Secret password) {
        return new RabbitMqStore("PKCS12", location, Objects.requireNonNull(password, "password"));
    }

    /**
     * A JKS file of Java; its password opens the key in it too.
     *
     * @param location the file
     * @param password what opens it
     * @return a store
     */
    public static RabbitMqStore jks(Path location, Secret password) {
        return new RabbitMqStore("JKS", location, Objects.requireNonNull(password, "password"));
    }

    /**
     * The format of the file.
     *
     * @return {@code PEM}, {@code PKCS12} or {@code JKS}
     */
    public String type() {
        return type;
    }

    /**
     * Where the file is.
     *
     * @return the path as given
     */
    public Path location() {
        return location;
    }

    /**
     * What opens the file and the key in it.
     *
     * @return the password, null for PEM
     */
    public @Nullable Secret password() {
        return password;
    }

    /** Format and place. */
    @Override
    public String toString() {
        return type + " " + location;
    }
}
