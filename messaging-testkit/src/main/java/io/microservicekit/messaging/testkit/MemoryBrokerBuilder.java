package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.testkit.internal.memory.BrokerControl;
import io.microservicekit.messaging.testkit.internal.memory.ChannelLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Collects the options of a {@link MemoryBroker}. Not thread-safe; can be used again after {@link #build()}. */
public final class MemoryBrokerBuilder {
    private boolean queues;
    private int partitions = 1;
    private int prefetch = 10;
    private int maxHeld = 1_000;
    private Duration consumerTimeout = Duration.ofMinutes(30);
    private Duration revokeDrain = Duration.ofSeconds(5);

    MemoryBrokerBuilder() {}

    /**
     * Makes a broker of the queue flavour.
     *
     * @return this builder
     */
    public MemoryBrokerBuilder queueFlavour() {
        this.queues = true;
        return this;
    }

    /**
     * Sets how many partitions a topic gets that comes into being by use. Partition flavour only.
     *
     * @param partitions from 1 to 10,000, default 1
     * @return this builder
     */
    public MemoryBrokerBuilder partitions(int partitions) {
        this.partitions = partitions;
        return this;
    }

    /**
     * Bounds how many deliveries of a consumer may be neither acknowledged nor held. Queue flavour only.
     *
     * @param prefetch from 1 to 65,535, default 10
     * @return this builder
     */
    public MemoryBrokerBuilder prefetch(int prefetch) {
        this.prefetch = prefetch;
        return this;
    }

    /**
     * Bounds how many held deliveries of a consumer free their room in the prefetch window. Queue flavour only.
     *
     * @param maxHeld from 0 to 1,000,000, default 1,000
     * @return this builder
     */
    public MemoryBrokerBuilder maxHeld(int maxHeld) {
        this.maxHeld = maxHeld;
        return this;
    }

    /**
     * Sets how long a delivery may stay unacknowledged before the broker closes the channel by force. Queue flavour only.
     *
     * @param consumerTimeout from 1 ms to 365 days, default 30 minutes
     * @return this builder
     */
    public MemoryBrokerBuilder consumerTimeout(Duration consumerTimeout) {
        this.consumerTimeout = Objects.requireNonNull(consumerTimeout, "consumerTimeout");
        return this;
    }

    /**
     * Sets how long a consumer may take to let go of what is revoked; one that takes longer is listed in {@link MemoryBroker#violations()}.
     *
     * @param revokeDrain from 0 to 1 hour, default 5 s
     * @return this builder
     */
    public MemoryBrokerBuilder revokeDrain(Duration revokeDrain) {
        this.revokeDrain = Objects.requireNonNull(revokeDrain, "revokeDrain");
        return this;
    }

    /**
     * The broker.
     *
     * @return a new broker without topics or queues
     * @throws InvalidConfigurationException INVALID_CONFIG naming all values that are out of range
     */
    public MemoryBroker build() {
        List<String> violations = new ArrayList<>();
        range(violations, "partitions", partitions, 1, 10_000);
        range(violations, "prefetch", prefetch, 1, 65_535);
        range(violations, "maxHeld", maxHeld, 0, 1_000_000);
        range(violations, "consumerTimeout", consumerTimeout, Duration.ofMillis(1), Duration.ofDays(365));
        range(violations, "revokeDrain", revokeDrain, Duration.ZERO, Duration.ofHours(1));
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG, "Building MemoryBroker failed: " + String.join("; ", violations) + ".");
        }
        return new MemoryBroker(
                queues
                        ? BrokerControl.queues(new ChannelLimits(prefetch, maxHeld, consumerTimeout), revokeDrain)
                        : BrokerControl.partitioned(partitions, revokeDrain));
    }

    private static <T extends Comparable<T>> void range(List<String> violations, String option, T value, T min, T max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            violations.add(option + " is " + value + ", must be from " + min + " to " + max);
        }
    }
}
