package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * How often and after which waits a failed message is tried again. Immutable and thread-safe.
 *
 * <p>Waiting never blocks a thread or the intake: the lane of the message is parked and other lanes flow. Waits are exact (no jitter unless asked
 * for), and saturate instead of overflowing.
 */
public final class RetryPolicy {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final RetryPolicy NONE = new Builder(0, Duration.ofSeconds(1)).build();

    private final int maxRetries;
    private final Duration initialDelay;
    private final double multiplier;
    private final Duration maxDelay;
    private final double jitter;
    private final Predicate<Throwable> retryOn;

    private RetryPolicy(Builder builder) {
        this.maxRetries = builder.maxRetries;
        this.initialDelay = builder.initialDelay;
        this.multiplier = builder.multiplier;
        this.maxDelay = builder.maxDelay;
        this.jitter = builder.jitter;
        this.retryOn = builder.retryOn;
    }

    /**
     * No retry: one attempt. The default.
     *
     * @return the one instance
     */
    public static RetryPolicy none() {
        return NONE;
    }

    /**
     * Waits that double: {@code exponential(3, ofSeconds(1))} makes four handler calls with waits of exactly 1 s, 2 s and 4 s between them, as
     * {@code WithRetry(3, time.Second)} of the Go library.
     *
     * @param maxRetries retries after the first attempt, 0 to 1000
     * @param initialDelay the first wait, from 1 ms to 1 day
     * @return the policy
     * @throws InvalidConfigurationException INVALID_CONFIG when a value is out of range
     */
    public static RetryPolicy exponential(int maxRetries, Duration initialDelay) {
        return builder(maxRetries, initialDelay).build();
    }

    /**
     * A builder for an exponential policy with factor 2, without a cap and without jitter.
     *
     * @param maxRetries retries after the first attempt, 0 to 1000
     * @param initialDelay the first wait, from 1 ms to 1 day
     * @return a new builder, not thread-safe
     */
    public static Builder builder(int maxRetries, Duration initialDelay) {
        return new Builder(maxRetries, initialDelay);
    }

    /**
     * How many retries follow the first attempt.
     *
     * @return 0 or more
     */
    public int maxRetries() {
        return maxRetries;
    }

    /**
     * Whether a further attempt is due.
     *
     * @param attempt the attempt that failed, from 1
     * @param failure what the handler threw
     * @return true when retries are left and the failure is one to be retried
     */
    public boolean retries(int attempt, Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        return attempt <= maxRetries && !(failure instanceof NonRetryableException) && retryOn.test(failure);
    }

    /**
     * The wait before a retry.
     *
     * @param retry the number of the retry, from 1
     * @param random drawn from only when there is jitter; jitter only lengthens
     * @return at least the initial delay, at most 1 day and the configured cap (jitter comes on top of the cap)
     */
    public Duration delay(int retry, RandomGenerator random) {
        Objects.requireNonNull(random, "random");
        double nanos = initialDelay.toNanos() * Math.pow(multiplier, retry - 1.0);
        double capped = Math.min(nanos, (double) maxDelay.toNanos());
        double lengthened = jitter == 0 ? capped : capped * (1 + jitter * random.nextDouble());
        return Duration.ofNanos((long) lengthened);
    }

    /** Every part but the predicate. */
    @Override
    public String toString() {
        return "RetryPolicy[maxRetries=" + maxRetries + ", initialDelay=" + initialDelay + ", multiplier=" + multiplier
                + ", maxDelay=" + maxDelay + ", jitter=" + jitter + "]";
    }

    /** Collects the parts of a retry policy. Not thread-safe. */
    public static final class Builder {
        private final int maxRetries;
        private final Duration initialDelay;
        private double multiplier = 2;
        private Duration maxDelay = LONGEST;
        private double jitter;
        private Predicate<Throwable> retryOn = failure -> true;

        private Builder(int maxRetries, Duration initialDelay) {
            this.maxRetries = maxRetries;
            this.initialDelay = Objects.requireNonNull(initialDelay, "initialDelay");
        }

        /**
         * Sets the factor from one wait to the next.
         *
         * @param multiplier from 1 to 100, default 2
         * @return this builder
         */
        public Builder multiplier(double multiplier) {
            this.multiplier = multiplier;
            return this;
        }

        /**
         * Caps the waits.
         *
         * @param maxDelay from the initial delay to 1 day, default 1 day
         * @return this builder
         */
        public Builder maxDelay(Duration maxDelay) {
            this.maxDelay = Objects.requireNonNull(maxDelay, "maxDelay");
            return this;
        }

        /**
         * Lengthens each wait by a random part of itself.
         *
         * @param jitter the largest part, from 0 (the default) to 1
         * @return this builder
         */
        public Builder jitter(double jitter) {
            this.jitter = jitter;
            return this;
        }

        /**
         * Restricts which failures are retried; {@link NonRetryableException} never is.
         *
         * @param retryOn true for failures to be retried; called on the handler's thread; one that throws counts as false; default all
         * @return this builder
         */
        public Builder retryOn(Predicate<Throwable> retryOn) {
            this.retryOn = Objects.requireNonNull(retryOn, "retryOn");
            return this;
        }

        /**
         * The policy.
         *
         * @return an immutable policy
         * @throws InvalidConfigurationException INVALID_CONFIG naming all values that are out of range
         */
        public RetryPolicy build() {
            OptionChecks checks = new OptionChecks("RetryPolicy");
            checks.range("maxRetries", maxRetries, 0, 1000);
            checks.range("initialDelay", initialDelay, Duration.ofMillis(1), LONGEST);
            checks.require(
                    multiplier >= 1 && multiplier <= 100, "multiplier is " + multiplier + ", must be from 1 to 100");
            checks.require(
                    maxDelay.compareTo(initialDelay) >= 0 && maxDelay.compareTo(LONGEST) <= 0,
                    "maxDelay is " + maxDelay + ", must be from initialDelay (" + initialDelay + ") to " + LONGEST);
            checks.require(jitter >= 0 && jitter <= 1, "jitter is " + jitter + ", must be from 0 to 1");
            checks.done();
            return new RetryPolicy(this);
        }
    }
}
