package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** AMQP has no answer to an acknowledgement: whether a commit waits for the broker all the same shows a node that does not answer. */
@Fault("F4")
@ExtendWith(FaultNode.class)
class CommitOnFrozenNodeFaultIT {
    private final RabbitMqServer server;
    private final Queue<ReceivedMessage> received = new ConcurrentLinkedQueue<>();

    CommitOnFrozenNodeFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    @Test
    void aCommitReturnsOnceTheBrokerHasAnsweredAndNotBefore() throws Exception {
        String group = RawRabbitMq.name("frozen-commit");
        try (MessagingClient client = MessagingClients.builder()
                .backend(RabbitMqOptions.builder().url(server.url()).build())
                .build()) {
            MessageConsumer consumer = client.consumer(
                    group, ConsumerOptions.builder().ackMode(AckMode.MANUAL).build());
            consumer.subscribe("order.created", received::add).awaitReady(PATIENCE);
            client.producer()
                    .send(Message.builder("order.created").valueText("1").build());
            await("received").atMost(PATIENCE).until(() -> !received.isEmpty());

            server.freeze();
            CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> consumer.commit(received.element()));
            assertThatThrownBy(() -> commit.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            server.thaw();
            commit.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(RawRabbitMq.take(server, group, 0)).isEmpty();
    }
}
