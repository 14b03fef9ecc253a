package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.kafka.internal.shared.CallingThread;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * What a driver's own counters prove. It counts the messages of a request before it sends it, on the thread that calls back: where none is counted,
 * no broker has ever got one of them.
 *
 * @param attempted whether it may have sent a message
 * @param refusal whether a broker has refused a connection of it, by SASL or TLS
 * @param acceptance whether a broker has accepted one
 * @param ended whether its sending thread has ended, by an error that it does not catch: nothing that it holds or gets is answered any more
 */
record DriverFacts(
        BooleanSupplier attempted, BooleanSupplier refusal, BooleanSupplier acceptance, BooleanSupplier ended) {
    static DriverFacts of(Producer<?, ?> producer, CallingThread calling) {
        Map<MetricName, ? extends Metric> counters = producer.metrics();
        return new DriverFacts(
                counted(counters, "record-send-total", true),
                counted(counters, "failed-authentication-total", false),
                counted(counters, "successful-authentication-total", false),
                calling::hasEnded);
    }

    /**
     * Whether it may never send anything: it asks for its producer id once, the question is lost when the connection is refused (kafka-clients 4.4.0:
     * {@code Sender.runOnce}), and without an id it sends nothing, also after the credentials are right. Which connection was refused it does not count:
     * one that has its id and was idle since looks the same.
     */
    boolean mayBeStuck() {
        return refusal.getAsBoolean() && !attempted.getAsBoolean();
    }

    private static BooleanSupplier counted(Map<MetricName, ? extends Metric> counters, String name, boolean otherwise) {
        Metric counter = producers(counters, name);
        return () ->
                counter == null ? otherwise : counter.metricValue() instanceof Number count && count.doubleValue() > 0;
    }

    private static @Nullable Metric producers(Map<MetricName, ? extends Metric> counters, String name) {
        for (Map.Entry<MetricName, ? extends Metric> each : counters.entrySet()) {
            if (each.getKey().name().equals(name) && each.getKey().group().equals("producer-metrics")) {
                return each.getValue();
            }
        }
        return null;
    }
}
