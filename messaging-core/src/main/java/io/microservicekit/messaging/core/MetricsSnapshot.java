package io.microservicekit.messaging.core;

import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The counts of a {@link MessagingMetrics} at one moment. Immutable.
 *
 * @param messagesSent messages confirmed by the broker, dead letters included
 * @param messagesConsumed messages handled, once each: the handler returned
 * @param sendErrors sends that ended without confirmation
 * @param consumeErrors messages whose retries were used up, once each
 * @param retryCount retries scheduled
 * @param dlqCount dead letters confirmed by the broker
 * @param handlerTimeouts handler calls that ran longer than the timeout of their consumer, once each
 * @param sendLatency how long confirmed sends took
 * @param topicSent confirmed sends by topic, sorted; from the 201st topic on under {@code _other}
 * @param topicConsumed handled messages by topic, sorted; from the 201st topic on under {@code _other}
 */
public record MetricsSnapshot(
        long messagesSent,
        long messagesConsumed,
        long sendErrors,
        long consumeErrors,
        long retryCount,
        long dlqCount,
        long handlerTimeouts,
        SendLatency sendLatency,
        SortedMap<String, Long> topicSent,
        SortedMap<String, Long> topicConsumed) {
    /**
     * Copies the maps.
     *
     * @param messagesSent as above
     * @param messagesConsumed as above
     * @param sendErrors as above
     * @param consumeErrors as above
     * @param retryCount as above
     * @param dlqCount as above
     * @param handlerTimeouts as above
     * @param sendLatency as above
     * @param topicSent copied
     * @param topicConsumed copied
     */
    public MetricsSnapshot {
        Objects.requireNonNull(sendLatency, "sendLatency");
        topicSent = Collections.unmodifiableSortedMap(new TreeMap<>(Objects.requireNonNull(topicSent, "topicSent")));
        topicConsumed = Collections.unmodifiableSortedMap(
                new TreeMap<>(Objects.requireNonNull(topicConsumed, "topicConsumed")));
    }

    /**
     * The mean time of a confirmed send: {@code SendLatencyAvg} of the Go library.
     *
     * @return zero when nothing was sent
     */
    public Duration sendLatencyAvg() {
        return sendLatency.average();
    }

    /**
     * What 99 of 100 confirmed sends took at most: {@code SendLatencyP99} of the Go library.
     *
     * @return zero when nothing was sent
     */
    public Duration sendLatencyP99() {
        return sendLatency.p99();
    }

    /**
     * How long confirmed sends took, from the moment at which there was room to the confirmation; quantiles are off by less than 2 %. All zero when nothing was sent.
     *
     * @param average the mean
     * @param p50 half of the sends took at most this long
     * @param p99 99 of 100 took at most this long
     * @param p999 999 of 1000 took at most this long
     * @param max the longest
     */
    public record SendLatency(Duration average, Duration p50, Duration p99, Duration p999, Duration max) {
        /**
         * Checks that nothing is null.
         *
         * @param average see the component
         * @param p50 see the component
         * @param p99 see the component
         * @param p999 see the component
         * @param max see the component
         */
        public SendLatency {
            Objects.requireNonNull(average, "average");
            Objects.requireNonNull(p50, "p50");
            Objects.requireNonNull(p99, "p99");
            Objects.requireNonNull(p999, "p999");
            Objects.requireNonNull(max, "max");
        }
    }
}
