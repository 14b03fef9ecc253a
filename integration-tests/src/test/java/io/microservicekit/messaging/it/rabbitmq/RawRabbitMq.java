package io.microservicekit.messaging.it.rabbitmq;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.microservicekit.messaging.testkit.junit.RabbitMqOperator;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** The plain client, without anything of this library, and without its recovery. */
final class RawRabbitMq {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private RawRabbitMq() {}

    static ConnectionFactory factory(RabbitMqServer server) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(server.url());
        factory.setAutomaticRecoveryEnabled(false);
        // For machines under load: each test says itself how long it waits.
        factory.setConnectionTimeout((int) PATIENCE.toMillis());
        factory.setHandshakeTimeout((int) PATIENCE.toMillis());
        factory.setChannelRpcTimeout((int) PATIENCE.toMillis());
        return factory;
    }

    static Connection connect(RabbitMqServer server, String name) throws Exception {
        return factory(server).newConnection(name);
    }

    static void declare(Channel channel, String queue, String type) throws IOException {
        channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", type));
    }

    /** Publishes persistent messages and returns when all are confirmed. */
    static void publish(Channel channel, String queue, List<String> values) throws Exception {
        channel.confirmSelect();
        for (String value : values) {
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, value.getBytes(StandardCharsets.UTF_8));
        }
        channel.waitForConfirmsOrDie(PATIENCE.toMillis());
    }

    static void publish(RabbitMqServer server, String queue, List<String> values) throws Exception {
        try (Connection connection = connect(server, "publisher");
                Channel channel = connection.createChannel()) {
            publish(channel, queue, values);
        }
    }

    /** Takes so many messages, in their order; a queue may need a moment after a restart. */
    static List<String> take(RabbitMqServer server, String queue, int count) {
        List<String> values = new ArrayList<>();
        await("messages of " + queue)
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> takeAll(server, queue, values).size() >= count);
        return values;
    }

    private static List<String> takeAll(RabbitMqServer server, String queue, List<String> values) throws Exception {
        try (Connection connection = connect(server, "taker");
                Channel channel = connection.createChannel()) {
            for (GetResponse each = channel.basicGet(queue, true); each != null; each = channel.basicGet(queue, true)) {
                values.add(new String(each.getBody(), StandardCharsets.UTF_8));
            }
            return values;
        }
    }

    /** What is asked of a channel. */
    interface Question<T> {
        T ask(Channel channel) throws Exception;
    }

    /** Asks on a channel of its own. */
    static <T> T on(RabbitMqServer server, Question<T> question) {
        try (Connection connection = connect(server, "raw");
                Channel channel = connection.createChannel()) {
            return question.ask(channel);
        } catch (Exception e) {
            throw new IllegalStateException("asking the broker failed: " + e, e);
        }
    }

    /** What the node says of a queue of the default virtual host. */
    static RabbitMqOperator.Queue queue(RabbitMqServer server, String name) {
        return server.operator().queues("/").stream()
                .filter(queue -> queue.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no queue '" + name + "'"));
    }

    /** Whether a queue holds nothing, neither ready nor with a consumer. */
    static boolean isDrained(RabbitMqServer server, String name) {
        RabbitMqOperator.Queue queue = queue(server, name);
        return queue.ready() + queue.unacknowledged() == 0;
    }

    /** A name that no other test has. */
    static String name(String base) {
        return base + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    static List<String> values(int count) {
        return IntStream.range(0, count).mapToObj(number -> "value-" + number).toList();
    }
}
