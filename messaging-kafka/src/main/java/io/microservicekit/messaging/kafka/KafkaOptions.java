package io.microservicekit.messaging.kafka;

import io.microservicekit.messaging.api.BackendOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The options of the Kafka backend. Immutable. Secrets are never shown, those among the properties included. */
public final class KafkaOptions implements BackendOptions {
    private final List<String> brokers;
    private final Map<String, String> properties;
    private final Duration revokeDrain;
    private final KafkaTopology topology;
    private final KafkaPartitioner partitioner;
    private final @Nullable KafkaTls tls;
    private final @Nullable KafkaSasl sasl;

    KafkaOptions(KafkaOptionsBuilder builder, List<String> brokers, DriverProperties properties) {
        this.brokers = Collections.unmodifiableList(brokers);
        this.properties = Collections.unmodifiableMap(properties.all());
        this.revokeDrain = properties.revokeDrain();
        this.topology = builder.topology;
        this.partitioner = builder.partitioner;
        this.tls = builder.tls;
        this.sasl = builder.sasl;
    }

    /**
     * A builder without brokers.
     *
     * @return a new builder, not thread-safe
     */
    public static KafkaOptionsBuilder builder() {
        return new KafkaOptionsBuilder();
    }

    @Override
    public String backendType() {
        return "kafka";
    }

    /**
     * The brokers to ask first; they name the others.
     *
     * @return {@code host:port} each, at least one, without duplicates, in the order given
     */
    public List<String> brokers() {
        return brokers;
    }

    /**
     * The settings of the driver: those that were passed on, secrets included, and those that stand for an option of the builder, but not those of
     * {@link #tls()} and {@link #sasl()}.
     *
     * @return names and values, in the order of the names
     */
    public Map<String, String> properties() {
        return properties;
    }

    /**
     * How long running handlers may take when partitions move to another consumer of the group.
     *
     * @return zero or more, default the lesser of 5 s and a third of {@code max.poll.interval.ms}
     */
    public Duration revokeDrain() {
        return revokeDrain;
    }

    /**
     * What becomes of topics that do not exist.
     *
     * @return the topology, default {@link KafkaTopology#passive()}
     */
    public KafkaTopology topology() {
        return topology;
    }

    /**
     * How the key of a message decides on its partition.
     *
     * @return the partitioner, default {@link KafkaPartitioner#MURMUR2}
     */
    public KafkaPartitioner partitioner() {
        return partitioner;
    }

    /**
     * Encrypted connections.
     *
     * @return TLS, null when none was chosen here
     */
    public @Nullable KafkaTls tls() {
        return tls;
    }

    /**
     * Our credentials.
     *
     * @return user and password, null when none were chosen here
     */
    public @Nullable KafkaSasl sasl() {
        return sasl;
    }

    /** All options, but of what may be a secret the name only. */
    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        properties.forEach((name, value) -> shown.put(name, secret(name) ? "***" : value));
        return "KafkaOptions[brokers=" + brokers + ", tls=" + tls + ", sasl=" + sasl + ", topology=" + topology
                + ", partitioner=" + partitioner + ", properties=" + shown + ", revokeDrain=" + revokeDrain + "]";
    }

    private static boolean secret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("sasl.")
                || lower.startsWith("ssl.keystore")
                || lower.startsWith("ssl.truststore")
                || lower.contains("password")
                || lower.contains("secret")
                || lower.contains("token")
                || lower.contains("credential");
    }
}
