package io.microservicekit.messaging.kafka;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects Kafka options. Not thread-safe. */
public final class KafkaOptionsBuilder {
    private static final Duration DAY = Duration.ofDays(1);

    final Map<String, String> properties = new TreeMap<>();
    final List<TypedDuration> durations = new ArrayList<>();
    KafkaTopology topology = KafkaTopology.passive();
    KafkaPartitioner partitioner = KafkaPartitioner.MURMUR2;

    @Nullable KafkaTls tls;

    @Nullable KafkaSasl sasl;

    @Nullable KafkaGroupProtocol groupProtocol;

    @Nullable Duration revokeDrain;

    private final List<String> brokers = new ArrayList<>();

    KafkaOptionsBuilder() {}

    /**
     * Adds brokers.
     *
     * @param brokers {@code host:port} each, or several in one text with commas between; an IPv6 address in brackets; spaces around it
     *     and duplicates do no harm
     * @return this builder
     */
    public KafkaOptionsBuilder brokers(String... brokers) {
        return brokers(Arrays.asList(Objects.requireNonNull(brokers, "brokers")));
    }

    /**
     * Adds brokers.
     *
     * @param brokers {@code host:port} each, or several in one text with commas between; an IPv6 address in brackets; spaces around it
     *     and duplicates do no harm
     * @return this builder
     */
    public KafkaOptionsBuilder brokers(List<String> brokers) {
        for (String broker : Objects.requireNonNull(brokers, "brokers")) {
            Collections.addAll(this.brokers, separate(Objects.requireNonNull(broker, "broker")));
        }
        return this;
    }

    /** What has credentials in it is refused as a whole: a part of it might show them. */
    private static String[] separate(String broker) {
        return broker.contains("@") ? new String[] {broker} : broker.split(",", -1);
    }

    /**
     * Encrypts the connections; the broker's certificates and host name are always verified.
     *
     * @param tls what to trust and who we are, default no encryption
     * @return this builder
     */
    public KafkaOptionsBuilder tls(KafkaTls tls) {
        this.tls = Objects.requireNonNull(tls, "tls");
        return this;
    }

    /**
     * Says who we are. Without {@link #tls} a warning is logged once when a broker's address is not of this machine.
     *
     * @param sasl user and password, default none
     * @return this builder
     */
    public KafkaOptionsBuilder sasl(KafkaSasl sasl) {
        this.sasl = Objects.requireNonNull(sasl, "sasl");
        return this;
    }

    /**
     * Sets what becomes of topics that do not exist.
     *
     * @param topology default {@link KafkaTopology#passive()}
     * @return this builder
     */
    public KafkaOptionsBuilder topology(KafkaTopology topology) {
        this.topology = Objects.requireNonNull(topology, "topology");
        return this;
    }

    /**
     * Sets how the key of a message decides on its partition; the same for all producers of a topic.
     *
     * @param partitioner default {@link KafkaPartitioner#MURMUR2}
     * @return this builder
     */
    public KafkaOptionsBuilder partitioner(KafkaPartitioner partitioner) {
        this.partitioner = Objects.requireNonNull(partitioner, "partitioner");
        return this;
    }

    /**
     * Sets how the members of a group agree.
     *
     * @param groupProtocol default {@link KafkaGroupProtocol#CLASSIC} ({@code group.protocol})
     * @return this builder
     */
    public KafkaOptionsBuilder groupProtocol(KafkaGroupProtocol groupProtocol) {
        this.groupProtocol = Objects.requireNonNull(groupProtocol, "groupProtocol");
        return this;
    }

    /**
     * Limits how long a request may stay without an answer before its connection counts as broken, and so how late health sees a silent broker. The
     * time of a send is never shorter for the driver: with a {@code sendTimeout} below it a send ends unknown while the driver may still deliver it.
     *
     * @param requestTimeout from 100 ms to 60 s, the driver's own limit of a whole call; default 15 s ({@code request.timeout.ms})
     * @return this builder
     */
    public KafkaOptionsBuilder requestTimeout(Duration requestTimeout) {
        return typed(
                "requestTimeout", "request.timeout.ms", requestTimeout, Duration.ofMillis(100), Duration.ofSeconds(60));
    }

    /**
     * Limits how long the broker waits for a sign of life of a consumer before it gives its partitions to others; the heartbeat is a third of it, 3 s
     * at most.
     *
     * @param sessionTimeout from 1 s to 30 min within what the broker allows (6 s to 30 min unless changed there), default 45 s
     *     ({@code session.timeout.ms}); not with {@link KafkaGroupProtocol#CONSUMER}, where the broker decides
     * @return this builder
     */
    public KafkaOptionsBuilder sessionTimeout(Duration sessionTimeout) {
        return typed(
                "sessionTimeout", "session.timeout.ms", sessionTimeout, Duration.ofSeconds(1), Duration.ofMinutes(30));
    }

    /**
     * Limits how long the driver may go without a poll before it leaves the group. Handlers do not count, they never keep the polls waiting.
     *
     * @param maxPollInterval from 6 s to 24 h, default 5 min ({@code max.poll.interval.ms})
     * @return this builder
     */
    public KafkaOptionsBuilder maxPollInterval(Duration maxPollInterval) {
        return typed("maxPollInterval", "max.poll.interval.ms", maxPollInterval, Duration.ofSeconds(6), DAY);
    }

    /**
     * Limits the age of what is known of topics, partitions and leaders, and so how late an added partition is seen.
     *
     * @param metadataMaxAge from 100 ms to 24 h, default 30 s ({@code metadata.max.age.ms})
     * @return this builder
     */
    public KafkaOptionsBuilder metadataMaxAge(Duration metadataMaxAge) {
        return typed("metadataMaxAge", "metadata.max.age.ms", metadataMaxAge, Duration.ofMillis(100), DAY);
    }

    /**
     * Sets how long running handlers may take when partitions move to another consumer of the group; their offsets are committed at its end.
     *
     * @param revokeDrain from 0 to a third of {@link #maxPollInterval} (100 s unless that is set), default the lesser of that and 5 s
     * @return this builder
     */
    public KafkaOptionsBuilder revokeDrain(Duration revokeDrain) {
        this.revokeDrain = Objects.requireNonNull(revokeDrain, "revokeDrain");
        return this;
    }

    /**
     * Passes a setting on to the driver: to its producers, consumers and admin clients, to each those that it knows.
     *
     * @param name the name as Kafka documents it, for example {@code fetch.max.bytes}; settings that would break a promise of this library
     *     are refused by {@link #build()} with the reason
     * @param value the value; blanks around it do not count, as with the driver, unless it is a secret
     * @return this builder
     */
    public KafkaOptionsBuilder property(String name, String value) {
        Objects.requireNonNull(name, "name");
        properties.put(name, DriverValues.asRead(name, Objects.requireNonNull(value, "value")));
        return this;
    }

    private KafkaOptionsBuilder typed(String option, String nativeName, Duration value, Duration min, Duration max) {
        durations.removeIf(set -> set.nativeName().equals(nativeName));
        durations.add(new TypedDuration(option, nativeName, Objects.requireNonNull(value, option), min, max));
        return this;
    }

    /**
     * The options.
     *
     * @return immutable options
     * @throws InvalidConfigurationException NO_BROKERS when only an address is missing; INVALID_CONFIG naming at once, beside a missing address, all
     *     addresses that cannot be read, all properties that are refused with the reason, all values out of range and all contradictions
     */
    public KafkaOptions build() {
        BrokerAddresses addresses = BrokerAddresses.of(brokers);
        List<String> violations = new ArrayList<>(addresses.violations());
        DriverProperties merged = DriverProperties.of(this, violations);
        checkTopology(violations);
        if (brokers.isEmpty()) {
            violations.add(0, "no broker address was given. Call brokers(\"host:9092\")");
        }
        if (!violations.isEmpty()) {
            boolean onlyBrokers = brokers.isEmpty() && violations.size() == 1;
            throw invalid(
                    onlyBrokers ? ErrorCode.NO_BROKERS : ErrorCode.INVALID_CONFIG, String.join("; ", violations) + ".");
        }
        return new KafkaOptions(this, addresses.addresses(), merged);
    }

    private void checkTopology(List<String> violations) {
        if (topology.creates() && (topology.partitions() < 1 || topology.partitions() > 10_000)) {
            violations.add("topology creates " + topology.partitions() + " partitions, must be from 1 to 10000");
        }
        if (topology.creates() && (topology.replication() < 1 || topology.replication() > 100)) {
            violations.add("topology has replication " + topology.replication() + ", must be from 1 to 100");
        }
    }

    private static InvalidConfigurationException invalid(ErrorCode code, String problem) {
        return new InvalidConfigurationException(code, "Building KafkaOptions failed: " + problem);
    }

    /** A duration that stands for a setting of the driver in milliseconds. */
    record TypedDuration(String option, String nativeName, Duration value, Duration min, Duration max) {
        @Nullable String problem() {
            boolean valid = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
            return valid ? null : option + " is " + value + ", must be from " + min + " to " + max;
        }
    }
}
