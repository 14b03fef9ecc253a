package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import org.junit.jupiter.api.Tag;

/** The same where the broker assigns the partitions. */
@Tag("long-faults-kafka")
class KafkaBackendConsumerProtocolIT extends KafkaBackendIT {
    @Override
    KafkaGroupProtocol protocol() {
        return KafkaGroupProtocol.CONSUMER;
    }
}
