package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.kafka.KafkaPartitioner;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The keys below {@code kafka.} in a configuration: our own, read with their types, and the driver's, passed through. */
final class KafkaKeys {
    private static final String REVOKE_DRAIN = "revoke_drain";
    private static final String PARTITIONER = "partitioner";
    private static final List<String> OWN = Collections.unmodifiableList(Arrays.asList(REVOKE_DRAIN, PARTITIONER));

    private KafkaKeys() {}

    /** Those of the driver include what the options refuse: that has a reason to tell. */
    static Set<String> all() {
        Set<String> all = new TreeSet<>(OWN);
        all.addAll(ProducerConfig.configNames());
        all.addAll(ConsumerConfig.configNames());
        all.addAll(AdminClientConfig.configNames());
        return all;
    }

    static void read(Settings settings, KafkaOptionsBuilder options) {
        settings.duration(REVOKE_DRAIN, options::revokeDrain);
        settings.choice(PARTITIONER, KafkaPartitioner.class, options::partitioner);
        settings.others(options::property);
    }
}
