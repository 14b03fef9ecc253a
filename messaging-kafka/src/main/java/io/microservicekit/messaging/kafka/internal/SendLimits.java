package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.kafka.internal.shared.PendingSend;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** What the driver's settings bound: the size of a message, and how soon the driver decides by itself. */
final class SendLimits {
    /** How much later than it should the driver may decide: its thread may be busy, or look a name up. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final long maxBytes;
    private final String decisive;
    private final Duration decidedByDriver;
    private final Duration request;

    SendLimits(Map<String, Object> producerSettings) {
        Map<String, Object> values = ProducerConfig.configDef().parse(producerSettings);
        long request = number(values, ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        long buffer = (Long) Objects.requireNonNull(values.get(ProducerConfig.BUFFER_MEMORY_CONFIG));
        this.maxBytes = Math.min(request, buffer);
        this.decisive =
                request <= buffer ? ProducerConfig.MAX_REQUEST_SIZE_CONFIG : ProducerConfig.BUFFER_MEMORY_CONFIG;
        this.request = Duration.ofMillis(number(values, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG));
        this.decidedByDriver = Duration.ofMillis(number(values, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
    }

    /** How long the driver waits for the answer to one request. */
    Duration request() {
        return request;
    }

    private static int number(Map<String, Object> values, String name) {
        return (Integer) Objects.requireNonNull(values.get(name), name);
    }

    /** Found here although the driver finds it too, because the driver looks only when it has metadata. */
    @Nullable MessagingException problem(Message message) {
        if (RecordSize.atMost(message) <= maxBytes) {
            return null;
        }
        long bytes = RecordSize.of(message);
        return bytes <= maxBytes ? null : SendFailures.tooLarge(message.topic(), bytes, maxBytes, decisive);
    }

    /** Whether the driver, asked now, would decide later than the caller wants. */
    boolean decidedTooLate(PendingSend send) {
        return send.waited() || send.timeout().compareTo(decidedByDriver) < 0;
    }

    /** Whether the driver, or the caller's timeout, should have decided long ago, by the runtime's clock. */
    boolean isOverdue(PendingSend send, long now) {
        long age = Nanos.of(send.timeout()) - send.remainingNanos(now);
        Duration decided = decidedTooLate(send) ? send.timeout() : decidedByDriver;
        return age >= Nanos.of(decided) + GRACE.toNanos();
    }
}
