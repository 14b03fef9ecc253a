package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client reads the queue that it writes its dead letters to, however it declares queues and whichever of the two is there first. */
@ExtendWith(RabbitMqServerExtension.class)
class OwnDeadLettersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RabbitMqServer server;
    private final String topic = RawRabbitMq.name("orders");
    private final String deadLetters = RawRabbitMq.name("orders-dead");
    private final List<String> read = new CopyOnWriteArrayList<>();

    OwnDeadLettersIT(RabbitMqServer server) {
        this.server = server;
    }

    /** What makes the queue of a group another one than that of dead letters. */
    enum Difference {
        SINGLE_ACTIVE_CONSUMER,
        ARGUMENT,
        NOT_DURABLE;

        RabbitMqOptionsBuilder in(RabbitMqOptionsBuilder options) {
            return switch (this) {
                case SINGLE_ACTIVE_CONSUMER -> options.singleActiveConsumer(true);
                case ARGUMENT -> options.queueArgument("x-max-priority", 5);
                case NOT_DURABLE -> options.durable(false).exchange(RawRabbitMq.name("exchange"));
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Difference.class)
    void theReaderTakesTheQueueAsTheWriterDeclaredIt(Difference difference) {
        try (MessagingClient client = open(difference)) {
            write(client);
            read(client);
            poisonIsRead(client);
        }
    }

    @ParameterizedTest
    @EnumSource(Difference.class)
    void theWriterTakesTheQueueAsTheReaderDeclaredIt(Difference difference) {
        try (MessagingClient client = open(difference)) {
            read(client);
            write(client);
            poisonIsRead(client);
        }
    }

    private MessagingClient open(Difference difference) {
        RabbitMqOptionsBuilder options = RabbitMqOptions.builder().url(server.url());
        return MessagingClients.builder()
                .backend(difference.in(options).build())
                .build();
    }

    private void write(MessagingClient client) {
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue(deadLetters).build();
        ready(client.consumer(topic + "-group", options).subscribe(topic, message -> {
            throw new IllegalStateException("no stock");
        }));
    }

    private void read(MessagingClient client) {
        ready(client.consumer(deadLetters).subscribe(deadLetters, message -> read.add(message.valueText())));
    }

    private static void ready(Subscription subscription) {
        subscription.awaitReady(PATIENCE);
    }

    private void poisonIsRead(MessagingClient client) {
        client.producer().send(Message.builder(topic).valueText("poison").build());
        await().atMost(PATIENCE).until(() -> !read.isEmpty());
        assertThat(read).containsExactly("poison");
    }
}
