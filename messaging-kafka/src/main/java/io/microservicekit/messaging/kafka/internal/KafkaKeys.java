package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import io.microservicekit.messaging.kafka.KafkaOptionsBuilder;
import io.microservicekit.messaging.kafka.KafkaPartitioner;
import io.microservicekit.messaging.kafka.KafkaTopology;
import java.util.ArrayList;
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
    private static final List<String> OWN = Collections.unmodifiableList(Arrays.asList(
            "revoke_drain",
            "request_timeout",
            "session_timeout",
            "max_poll_interval",
            "metadata_max_age",
            "group_protocol",
            "create_partitions",
            "create_replication",
            "partitioner"));

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
        readTopology(settings, options);
        new SecurityKeys().read(settings, options);
        settings.choice("partitioner", KafkaPartitioner.class, options::partitioner);
        settings.others(options::property);
    }

    private static void readTopology(Settings settings, KafkaOptionsBuilder options) {
        List<Integer> partitions = new ArrayList<>();
        List<Integer> replication = new ArrayList<>();
        settings.number("create_partitions", partitions::add);
        settings.number("create_replication", replication::add);
        if (partitions.size() != replication.size()) {
            settings.violation(
                    "'kafka.create_partitions' and 'kafka.create_replication' belong together, only one of them is set");
        } else if (!partitions.isEmpty()) {
            options.topology(KafkaTopology.create(partitions.get(0), replication.get(0)));
        }
    }
}
