package io.microservicekit.messaging.kafka.internal;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/** Makes the driver's objects from their settings; the one place that a test replaces by its own. */
interface KafkaClients {
    Producer<byte[], byte[]> producer(Map<String, Object> settings);

    Consumer<byte[], byte[]> consumer(Map<String, Object> settings);

    Admin admin(Map<String, Object> settings);

    /** Those of the driver. */
    final class Real implements KafkaClients {
        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
            return new KafkaProducer<>(settings);
        }

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            return new KafkaConsumer<>(settings);
        }

        @Override
        public Admin admin(Map<String, Object> settings) {
            return Admin.create(settings);
        }
    }
}
