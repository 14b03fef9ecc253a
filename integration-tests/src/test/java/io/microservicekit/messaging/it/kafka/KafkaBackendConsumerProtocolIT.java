package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.kafka.KafkaGroupProtocol;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What {@link KafkaBackendIT} shows, where the broker assigns the partitions. */
@Tag("long-faults-kafka")
class KafkaBackendConsumerProtocolIT {
    @Nested
    class WhereTheBrokerAssigns extends KafkaBackendIT {
        @Override
        KafkaGroupProtocol protocol() {
            return KafkaGroupProtocol.CONSUMER;
        }
    }
}
