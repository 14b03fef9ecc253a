package io.microservicekit.messaging.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** The driver settings that would break a promise of this library, each with the reason. */
final class RefusedProperties {
    private static final Map<String, String> REASONS = reasons();

    private RefusedProperties() {}

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put("enable.auto.commit", "offsets are committed after the handler only");
        reasons.put("auto.commit.interval.ms", "offsets are committed after the handler only");
        reasons.put("acks", "a send is confirmed by all in-sync replicas (acks=all)");
        reasons.put("enable.idempotence", "retries inside the driver must not make duplicates (true)");
        reasons.put("max.in.flight.requests.per.connection", "more than 5 breaks the order (5)");
        reasons.put("isolation.level", "messages of aborted transactions are never delivered (read_committed)");
        reasons.put("auto.offset.reset", "positions are pinned by this library; use ConsumerOptions.startPosition");
        reasons.put(
                "interceptor.classes",
                "interceptors can change messages and hide positions; wrap the handler or producer");
        reasons.put("partition.assignment.strategy", "revocation is handled for the cooperative sticky assignor only");
        reasons.put("max.block.ms", "sendAsync never blocks (0)");
        reasons.put("group.id", "the group is an argument of client.consumer(group)");
        reasons.put("bootstrap.servers", "use brokers(..)");
        reasons.put("client.id", "use the client builder's clientId(..)");
        String keys = "equal keys go to one partition, as the Kafka client itself decides it";
        reasons.put("partitioner.class", keys);
        reasons.put("partitioner.ignore.keys", keys);
        reasons.put("ssl.engine.factory.class", "certificates and host names are always verified");
        reasons.put("ssl.endpoint.identification.algorithm", "host names are always verified (https)");
        reasons.put("transactional.id", "transactions are not supported");
        reasons.put("allow.auto.create.topics", "a subscription never creates topics (false)");
        return reasons;
    }

    /** Why a setting is refused, null when it may pass. */
    static @Nullable String reason(String name) {
        if (name.endsWith(".serializer") || name.endsWith(".deserializer")) {
            return "keys and values are bytes; serialize in your own code";
        }
        String reason = REASONS.get(name);
        return reason != null || known(name) ? reason : "the Kafka client has no such setting and would ignore it";
    }

    private static boolean known(String name) {
        return ProducerConfig.configNames().contains(name)
                || ConsumerConfig.configNames().contains(name)
                || AdminClientConfig.configNames().contains(name);
    }
}
