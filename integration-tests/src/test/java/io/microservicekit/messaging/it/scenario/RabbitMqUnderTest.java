package io.microservicekit.messaging.it.scenario;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.it.accounting.EndState;
import io.microservicekit.messaging.rabbitmq.QueueType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.RabbitMqOperator;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A real RabbitMQ node, observed by an operator and by a plain client of its own. The group is a queue, and dead letters lie in one. */
public final class RabbitMqUnderTest implements BackendUnderTest {
    private static final String VIRTUAL_HOST = "/";
    private static final String EXCHANGE = "amq.topic";
    private static final int PATIENCE_MILLIS = 60_000;
    /** Enough for the handlers of a test to keep going, few enough for a count of what is fetched to mean something. */
    private static final int PREFETCH = 250;

    private final RabbitMqServer server;
    private final QueueType queueType;

    private RabbitMqUnderTest(RabbitMqServer server, QueueType queueType) {
        this.server = server;
        this.queueType = queueType;
    }

    /** With classic queues. */
    public static RabbitMqUnderTest classic(RabbitMqServer server) {
        return new RabbitMqUnderTest(server, QueueType.CLASSIC);
    }

    /** With quorum queues. */
    public static RabbitMqUnderTest quorum(RabbitMqServer server) {
        return new RabbitMqUnderTest(server, QueueType.QUORUM);
    }

    @Override
    public BackendOptions options() {
        return optionsBuilder().build();
    }

    /** Options that connect a client, for a test that wants more of them. */
    public RabbitMqOptionsBuilder optionsBuilder() {
        return RabbitMqOptions.builder().url(server.url()).queueType(queueType).prefetchCount(PREFETCH);
    }

    /** Options that lead a client to an address that is between it and the node. */
    public RabbitMqOptionsBuilder optionsThrough(String address) {
        return RabbitMqOptions.builder().brokers(address).queueType(queueType).prefetchCount(PREFETCH);
    }

    /** The URL of the node itself. */
    public String url() {
        return server.url();
    }

    /** Publishes as a plain client does. */
    public void publish(String exchange, String routingKey, String value) {
        on(channel -> {
            channel.basicPublish(exchange, routingKey, null, value.getBytes(StandardCharsets.UTF_8));
            return channel;
        });
    }

    /** A network between clients and the node, to be closed by the caller. */
    public FaultProxy network() {
        String address = server.address();
        return FaultProxy.to(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    }

    /** The operator of the node. */
    public RabbitMqOperator operator() {
        return server.operator();
    }

    /** A topic is a routing key, and a dead-letter queue is declared by who subscribes. */
    @Override
    public void createTopic(String topic, int partitions) {}

    @Override
    public void provision(String group, String topic) {
        on(channel -> {
            declare(channel, group);
            channel.queueBind(group, EXCHANGE, topic);
            return group;
        });
    }

    /** Declares a queue as the library does. */
    public void declareQueue(String name) {
        on(channel -> declare(channel, name));
    }

    /** Declares a classic queue that gets what is sent to a topic, and is full from the beginning: it refuses. */
    public void declareFullQueue(String topic) {
        on(channel -> {
            channel.queueDeclare(topic, true, false, false, Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
            return channel.queueBind(topic, EXCHANGE, topic);
        });
    }

    private AMQP.Queue.DeclareOk declare(Channel channel, String name) throws Exception {
        Map<String, Object> quorum = Map.of("x-queue-type", "quorum", "x-delivery-limit", 1_000_000L);
        return channel.queueDeclare(name, true, false, false, queueType == QueueType.QUORUM ? quorum : Map.of());
    }

    /**
     * Sets how large a message may be that comes by a channel opened from now on.
     *
     * @return how large it might be before
     */
    public int limit(int maxMessageBytes) {
        String before = operator().evaluate("element(2, application:get_env(rabbit, max_message_size)).");
        operator()
                .evaluate("application:set_env(rabbit, max_message_size, " + maxMessageBytes + "),"
                        + " persistent_term:put(max_message_size, " + maxMessageBytes + ").");
        return Integer.parseInt(before.strip());
    }

    /** Lets a classic queue be full, so that it refuses what is sent to it. */
    public void refuse(String queue) {
        operator()
                .control(
                        "set_policy",
                        "--apply-to",
                        "queues",
                        queue,
                        "^" + queue + "$",
                        "{\"max-length\":0,\"overflow\":\"reject-publish\"}");
    }

    /** Lets it take messages again. */
    public void accept(String queue) {
        operator().control("clear_policy", queue);
    }

    /** Deletes a queue with what it holds. */
    public void deleteQueue(String name) {
        on(channel -> channel.queueDelete(name));
    }

    @Override
    public boolean hasPositions() {
        return false;
    }

    @Override
    public SortedMap<Integer, Long> committed(String group, String topic) {
        throw noPositions();
    }

    @Override
    public SortedMap<Integer, Long> endOffsets(String topic) {
        throw noPositions();
    }

    private static UnsupportedOperationException noPositions() {
        return new UnsupportedOperationException("a queue has no positions; ask what is unfinished");
    }

    @Override
    public long unfinished(String group, String topic) {
        RabbitMqOperator.Queue queue = queue(group);
        return queue.ready() + queue.unacknowledged();
    }

    /** What the node says of a queue. */
    public RabbitMqOperator.Queue queue(String name) {
        return operator().queues(VIRTUAL_HOST).stream()
                .filter(queue -> queue.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no queue '" + name + "'"));
    }

    @Override
    public long acknowledged(String group, String topic, long sent) {
        return sent - unfinished(group, topic);
    }

    @Override
    public boolean isDrained(String group, String topic) {
        return unfinished(group, topic) == 0;
    }

    @Override
    public EndState end(String group, String topic) {
        return new EndState(Map.of(group, unfinished(group, topic)), List.of());
    }

    @Override
    public boolean isEmpty(String topic) {
        return on(channel -> channel.queueDeclarePassive(topic)).getMessageCount() == 0;
    }

    /** What lies in the queue of that name; it stays there. */
    @Override
    public List<Message> messages(String topic) {
        return on(channel -> {
            List<Message> all = new ArrayList<>();
            for (GetResponse got = channel.basicGet(topic, false); got != null; got = channel.basicGet(topic, false)) {
                all.add(message(topic, got));
            }
            return all;
        });
    }

    private static Message message(String topic, GetResponse got) {
        AMQP.BasicProperties properties = got.getProps();
        Map<String, Object> table = properties.getHeaders() == null ? Map.of() : properties.getHeaders();
        Headers.Builder headers = Headers.builder();
        table.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .forEach(header -> headers.add(header.getKey(), bytes(header.getValue())));
        long timestamp = properties.getTimestamp() == null
                ? 0
                : properties.getTimestamp().toInstant().toEpochMilli();
        if (properties.getMessageId() != null) {
            headers.add("x-message-id", properties.getMessageId());
        }
        Object key = table.get("x-message-key");
        byte[] value = table.containsKey("x-null-value") ? null : got.getBody();
        return Message.received(topic, key == null ? null : bytes(key), value, headers.build(), timestamp);
    }

    private static byte[] bytes(@Nullable Object value) {
        if (value instanceof LongString text) {
            return text.getBytes();
        }
        return value instanceof byte[] bytes ? bytes : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    }

    /** What is asked of a channel. */
    private interface Question<T> {
        T ask(Channel channel) throws Exception;
    }

    private <T> T on(Question<T> question) {
        try (Connection connection = factory().newConnection("observer");
                Channel channel = connection.createChannel()) {
            return question.ask(channel);
        } catch (Exception e) {
            throw new IllegalStateException("asking the broker failed: " + e, e);
        }
    }

    private ConnectionFactory factory() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(server.url());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(PATIENCE_MILLIS);
        factory.setHandshakeTimeout(PATIENCE_MILLIS);
        factory.setChannelRpcTimeout(PATIENCE_MILLIS);
        return factory;
    }

    /** The node belongs to all tests. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return queueType == QueueType.QUORUM ? "rabbitmq with quorum queues" : "rabbitmq";
    }
}
