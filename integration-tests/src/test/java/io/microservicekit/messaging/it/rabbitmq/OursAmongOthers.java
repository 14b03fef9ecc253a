package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.scenario.CommitSampler.Part;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Our side of a topic on which messages are exchanged with clients that are not ours. */
final class OursAmongOthers {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Bytes that are no text. */
    static final byte[] BINARY = {0, -1, 7};

    private final RabbitMqServer server;
    private final String topic;

    OursAmongOthers(RabbitMqServer server, String topic) {
        this.server = server;
        this.topic = topic;
    }

    private MessagingClient open() {
        return MessagingClients.builder()
                .backend(RabbitMqOptions.builder().url(server.url()).build())
                .build();
    }

    /** Consumes while others publish so many messages, and returns them when all are acknowledged. */
    List<ReceivedMessage> received(int count, Part published) throws Exception {
        List<ReceivedMessage> received = new CopyOnWriteArrayList<>();
        try (MessagingClient client = open()) {
            client.consumer(topic).subscribe(topic, received::add).awaitReady(PATIENCE);
            published.run();
            await("handled").atMost(PATIENCE).until(() -> received.size() == count);
            await("acknowledged").atMost(PATIENCE).until(() -> RawRabbitMq.isDrained(server, topic));
        }
        return received;
    }

    /** A message with a key and with headers of text and bytes. */
    Message.Builder message() {
        return Message.builder(topic)
                .keyText("order-123")
                .value(new byte[] {1, 0, -1})
                .headers(Headers.builder()
                        .add("tenant", "grün")
                        .add("binary", BINARY)
                        .build());
    }

    /** Sends it to a queue of the topic's name that nobody consumes. */
    void send(Message message) {
        try (MessagingClient client = open()) {
            client.consumer(topic)
                    .subscribe(topic, each -> {})
                    .awaitReady(PATIENCE)
                    .close(PATIENCE);
            client.producer().send(message);
        }
    }

    /** Fails unless bytes and a header without a value have come as they are. */
    static void assertBytesAndNothing(Headers headers) {
        assertThat(headers.bytes("bytes")).isEqualTo(BINARY);
        assertThat(headers.contains("nothing")).isTrue();
        assertThat(headers.bytes("nothing")).isNull();
    }
}
