package io.microservicekit.messaging.kafka;

import io.microservicekit.messaging.api.Secret;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file with certificates, or with a private key and its certificates. It is read whenever the driver opens a producer, a consumer or its admin
 * client, not here. Immutable.
 */
public final class KafkaStore {
    private final String type;
    private final Path location;
    private final @Nullable Secret password;
    private final @Nullable Secret keyPassword;

    private KafkaStore(String type, Path location, @Nullable Secret password, @Nullable Secret keyPassword) {
        this.type = type;
        this.location = Objects.requireNonNull(location, "location");
        this.password = password;
        this.keyPassword = keyPassword;
    }

    /**
     * A PEM file: certificates of authorities; or a private key (PKCS #8, not encrypted) and, in the same file, its certificate and those above it.
     *
     * @param location the file
     * @return a store
     */
    public static KafkaStore pem(Path location) {
        return new KafkaStore("PEM", location, null, null);
    }

    /**
     * A PEM file with an encrypted private key (PKCS #8) and, in the same file, its certificate and those above it.
     *
     * @param location the file
     * @param keyPassword what opens the key
     * @return a store
     */
    public static KafkaStore pem(Path location, Secret keyPassword) {
        return new KafkaStore("PEM", location, null, Objects.requireNonNull(keyPassword, "keyPassword"));
    }

    /**
     * A PKCS #12 file; its password opens the key in it too.
     *
     * @param location the file
     * @param password what opens it
     * @return a store
     */
    public static KafkaStore pkcs12(Path location, Secret password) {
        Objects.requireNonNull(password, "password");
        return new KafkaStore("PKCS12", location, password, password);
    }

    /**
     * A JKS file of Java whose password opens the key in it too.
     *
     * @param location the file
     * @param password what opens it
     * @return a store
     */
    public static KafkaStore jks(Path location, Secret password) {
        return jks(location, password, password);
    }

    /**
     * A JKS file of Java whose key has a password of its own.
     *
     * @param location the file
     * @param password what opens the file
     * @param keyPassword what opens the key in it
     * @return a store
     */
    public static KafkaStore jks(Path location, Secret password, Secret keyPassword) {
        return new KafkaStore(
                "JKS",
                location,
                Objects.requireNonNull(password, "password"),
                Objects.requireNonNull(keyPassword, "keyPassword"));
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
     * What opens the file.
     *
     * @return the password, null for PEM
     */
    public @Nullable Secret password() {
        return password;
    }

    /**
     * What opens the key in it.
     *
     * @return the password, null for PEM with a key that is not encrypted
     */
    public @Nullable Secret keyPassword() {
        return keyPassword;
    }

    /** Format and place. */
    @Override
    public String toString() {
        return type + " " + location;
    }
}
