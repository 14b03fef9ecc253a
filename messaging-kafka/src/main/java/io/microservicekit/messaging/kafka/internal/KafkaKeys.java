package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.kafka.KafkaPartitioner;
import io.microservicekit.messaging.kafka.KafkaTopology;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** The keys below {@code kafka.} in a configuration: our own, read with their types, and the driver's, passed through. */
final class KafkaKeys {
    private static final List<String> OWN = Collections.unmodifiableList(Arrays.asList(
            "revoke_drain",
            "request_timeout",
            "session_timeout",
            "max_poll_interval",
            "metadata_max_age",
            "partitioner",
            "group_protocol",
            "topology_partitions",
            "topology_replication"));

    private KafkaKeys() {}

    /** Those of the driver include what the options refuse: that has a reason to tell. */
    static Set<String> all() {
        Set<String> all = new TreeSet<>(OWN);
        all.addAll(SecurityKeys.OWN);
        all.addAll(ProducerConfig.configNames());
        all.addAll(ConsumerConfig.configNames());
        all.addAll(AdminClientConfig.configNames());
        return all;
    }

    static void read(Settings settings, KafkaOptionsBuilder options) {
        settings.duration("revoke_drain", options::revokeDrain);
        settings.duration("request_timeout", options::requestTimeout);
        settings.duration("session_timeout", options::sessionTimeout);
        settings.duration("max_poll_interval", options::maxPollInterval);
        settings.duration("metadata_max_age", options::metadataMaxAge);
        settings.choice("group_protocol", KafkaGroupProtocol.class, options::groupProtocol);
        settings.choice("partitioner", KafkaPartitioner.class, options::partitioner);
        new Topology().read(settings, options);
        new SecurityKeys().read(settings, options);
        settings.others(options::property);
    }

    /** Both numbers together mean that topics are created. */
    private static final class Topology {
        private @Nullable Integer partitions;
        private @Nullable Integer replication;

        void read(Settings settings, KafkaOptionsBuilder options) {
            settings.number("topology_partitions", number -> partitions = number);
            settings.number("topology_replication", number -> replication = number);
            if (partitions != null && replication != null) {
                options.topology(KafkaTopology.create(partitions, replication));
            } else if (partitions != null || replication != null) {
                settings.violation("'topology_partitions' and 'topology_replication' must be given together");
            }
        }
    }
}
