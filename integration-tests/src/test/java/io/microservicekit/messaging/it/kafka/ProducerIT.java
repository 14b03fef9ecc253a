package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The limit of Kafka's producer at its edge. */
@ExtendWith(KafkaServerExtension.class)
class ProducerIT {
    private static final String TOPIC = "producer-it";
    private static final int MAX_REQUEST_SIZE = 1_048_576;

    private final KafkaUnderTest backend;
    private final MessagingClient client;

    ProducerIT(KafkaServer server) {
        this.backend = new KafkaUnderTest(server);
        this.client = MessagingClients.builder().backend(backend.options()).build();
    }

    @AfterEach
    void end() {
        client.close();
        backend.close();
    }

    @Test
    void aMessageOfExactlyTheLargestSizeIsDeliveredAndOneByteMoreIsRefusedBeforeTheDriver() {
        String topic = TOPIC + "-size";
        backend.createTopic(topic, 1);
        backend.limit(topic, 2 * MAX_REQUEST_SIZE);
        MessageProducer producer = client.producer();
        int overhead = 61 + 21 + 1 + 3 + 1; // the driver's own, a null key, the length of the value, no headers
        Message largest = Message.builder(topic)
                .value(new byte[MAX_REQUEST_SIZE - overhead])
                .build();
        Message over = Message.builder(topic)
                .value(new byte[MAX_REQUEST_SIZE - overhead + 1])
                .build();

        assertThat(producer.send(largest).offset()).isZero();
        InvalidMessageException error = catchThrowableOfType(InvalidMessageException.class, () -> producer.send(over));

        assertThat(error.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(error).hasMessageContaining("1048577 B").hasMessageContaining("max.request.size");
        assertThat(backend.messages(topic)).hasSize(1);
    }
}
