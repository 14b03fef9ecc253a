package io.microservicekit.messaging.kafka;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The options of the Kafka backend. Immutable. Values of properties are never shown, since some are secrets. */
public final class KafkaOptions implements BackendOptions {
    private static final Duration MAX_REVOKE_DRAIN = Duration.ofSeconds(5);
    private static final Duration DEFAULT_POLL_INTERVAL = Duration.ofMinutes(5);

    private final List<String> brokers;
    private final Map<String, String> properties;
    private final Duration revokeDrain;

    private KafkaOptions(List<String> brokers, Map<String, String> properties, Duration revokeDrain) {
        this.brokers = Collections.unmodifiableList(brokers);
        this.properties = Collections.unmodifiableMap(properties);
        this.revokeDrain = revokeDrain;
    }

    /**
     * A builder without brokers.
     *
     * @return a new builder, not thread-safe
     */
    public static Builder builder() {
        return new Builder();
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
     * The settings passed on to the driver, secrets included.
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

    /** The brokers, the names of the properties and the values of those that hold no secret. */
    @Override
    public String toString() {
        Map<String, String> shown = new TreeMap<>();
        properties.forEach((name, value) -> shown.put(name, secret(name) ? "***" : value));
        return "KafkaOptions[brokers=" + brokers + ", properties=" + shown + ", revokeDrain=" + revokeDrain + "]";
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

    /** Collects Kafka options. Not thread-safe. */
    public static final class Builder {
        private final List<String> brokers = new ArrayList<>();
        private final Map<String, String> properties = new TreeMap<>();
        private @Nullable Duration revokeDrain;

        private Builder() {}

        /**
         * Adds brokers.
         *
         * @param brokers {@code host:port} each, or several in one text with commas between; an IPv6 address in brackets; spaces around it
         *     and duplicates do no harm
         * @return this builder
         */
        public Builder brokers(String... brokers) {
            return brokers(Arrays.asList(brokers));
        }

        /**
         * Adds brokers.
         *
         * @param brokers {@code host:port} each, or several in one text with commas between; an IPv6 address in brackets; spaces around it
         *     and duplicates do no harm
         * @return this builder
         */
        public Builder brokers(List<String> brokers) {
            for (String broker : brokers) {
                Collections.addAll(this.brokers, separate(Objects.requireNonNull(broker, "broker")));
            }
            return this;
        }

        /** What has credentials in it is refused as a whole: a part of it might show them. */
        private static String[] separate(String broker) {
            return broker.contains("@") ? new String[] {broker} : broker.split(",", -1);
        }

        /**
         * Passes a setting on to the driver: to its producers, consumers and admin clients, to each those that it knows.
         *
         * @param name the name as Kafka documents it, for example {@code security.protocol}; settings that would break a promise of this library
         *     are refused by {@link #build()} with the reason
         * @param value the value
         * @return this builder
         */
        public Builder property(String name, String value) {
            properties.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets how long running handlers may take when partitions move to another consumer of the group; their offsets are committed at its end.
         *
         * @param revokeDrain from 0 to a third of {@code max.poll.interval.ms} (100 s unless that is set), default the lesser of that and 5 s
         * @return this builder
         */
        public Builder revokeDrain(Duration revokeDrain) {
            this.revokeDrain = Objects.requireNonNull(revokeDrain, "revokeDrain");
            return this;
        }

        /**
         * The options.
         *
         * @return immutable options
         * @throws InvalidConfigurationException NO_BROKERS when no address was given; INVALID_CONFIG naming all addresses that cannot be read, all
         *     properties that are refused with the reason, and a {@code revokeDrain} that is out of range
         */
        public KafkaOptions build() {
            BrokerAddresses addresses = BrokerAddresses.of(brokers);
            List<String> violations = new ArrayList<>(addresses.violations());
            properties.keySet().forEach(name -> refuse(name, violations));
            Duration longest = pollInterval(violations).dividedBy(3);
            Duration drain = revokeDrain == null ? min(longest, MAX_REVOKE_DRAIN) : revokeDrain;
            if (drain.isNegative() || drain.compareTo(longest) > 0) {
                violations.add("revokeDrain is " + drain + ", must be from PT0S to " + longest
                        + ", a third of max.poll.interval.ms");
            }
            if (!violations.isEmpty()) {
                throw invalid(ErrorCode.INVALID_CONFIG, String.join("; ", violations) + ".");
            }
            if (brokers.isEmpty()) {
                throw invalid(ErrorCode.NO_BROKERS, "no broker address was given. Call brokers(\"host:9092\").");
            }
            return new KafkaOptions(addresses.addresses(), new TreeMap<>(properties), drain);
        }

        private static void refuse(String name, List<String> violations) {
            String reason = RefusedProperties.reason(name);
            if (reason != null) {
                violations.add("property '" + name + "' is refused: " + reason);
            }
        }

        private Duration pollInterval(List<String> violations) {
            String value = properties.get("max.poll.interval.ms");
            if (value == null) {
                return DEFAULT_POLL_INTERVAL;
            }
            if (!value.strip().matches("[1-9][0-9]{0,8}")) {
                violations.add(
                        "property 'max.poll.interval.ms' is '" + value + "', must be milliseconds from 1 to 999999999");
                return DEFAULT_POLL_INTERVAL;
            }
            return Duration.ofMillis(Long.parseLong(value.strip()));
        }

        private static Duration min(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }

        private static InvalidConfigurationException invalid(ErrorCode code, String problem) {
            return new InvalidConfigurationException(code, "Building KafkaOptions failed: " + problem);
        }
    }
}
