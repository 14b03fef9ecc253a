package io.microservicekit.messaging.core;

import io.microservicekit.messaging.core.internal.ConfigSource;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * What a client is opened with, from a map (as a YAML file gives), from properties or from environment variables. Immutable; keeps its own copy, and
 * shows names only, never values.
 *
 * <p>The keys are {@code type}, {@code brokers}, {@code url}, {@code client_id}, {@code connect_timeout}, {@code startup}, and below its type those of
 * a backend: {@code kafka.revoke_drain}, {@code kafka.security.protocol}, {@code rabbitmq.exchange}. Nested maps and keys with dots mean the same. The
 * document {@code docs/configuration.md} lists them all. Values are texts, numbers, truth values, lists of texts, and durations with a unit
 * ({@code 500ms}, {@code 30s}, {@code PT30S}); null means not set.
 *
 * <pre>{@code
 * MessagingConfig file = MessagingConfig.from(Map.of(
 *         "brokers", List.of("localhost:9092"),
 *         "connect_timeout", "5s",
 *         "kafka", Map.of("revoke_drain", "2s", "fetch.max.wait.ms", 100)));
 * MessagingConfig environment = MessagingConfig.fromEnvironment(System.getenv());
 * MessagingClient client =
 *         MessagingClients.builder().config(file).config(environment).build();
 * }</pre>
 *
 * <p>Nothing is checked before a client is built: then one error names every key that is unknown (with the nearest known one) and every value that
 * has the wrong type or range, together with whatever else is wrong. For the same key a call of the builder beats a map or properties, these beat the
 * environment, and the environment beats the default; of two of a kind the later one wins.
 */
public final class MessagingConfig {
    private final ConfigSource source;

    private MessagingConfig(ConfigSource source) {
        this.source = source;
    }

    /**
     * A configuration from a map, nested or flat.
     *
     * @param values by key; copied
     * @return a new configuration
     */
    public static MessagingConfig from(Map<String, ?> values) {
        return new MessagingConfig(ConfigSource.of(Objects.requireNonNull(values, "values")));
    }

    /**
     * A configuration from properties: the same keys with dots; several brokers with commas between.
     *
     * @param properties by key, their defaults included; copied
     * @return a new configuration
     */
    public static MessagingConfig from(Properties properties) {
        return new MessagingConfig(ConfigSource.of(Objects.requireNonNull(properties, "properties")));
    }

    /**
     * A configuration from environment variables: each key in upper case with {@code _} for everything else, behind {@code MESSAGING_}:
     * {@code MESSAGING_BROKERS}, {@code MESSAGING_KAFKA_SECURITY_PROTOCOL}. Other variables are not looked at; one that begins with
     * {@code MESSAGING_} and is unknown is reported by a warning only, since Kubernetes makes such ones for a service of that name. A blank value
     * means not set.
     *
     * @param variables by name, as {@code System.getenv()} gives; copied
     * @return a new configuration
     */
    public static MessagingConfig fromEnvironment(Map<String, String> variables) {
        return new MessagingConfig(ConfigSource.ofEnvironment(Objects.requireNonNull(variables, "variables")));
    }

    ConfigSource source() {
        return source;
    }

    /** The keys that are set, without their values. */
    @Override
    public String toString() {
        return "MessagingConfig" + source;
    }
}
