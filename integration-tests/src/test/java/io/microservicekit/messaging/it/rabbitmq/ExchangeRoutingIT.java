package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.rabbitmq.ExchangeType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which groups get which messages, by the type of the exchange. */
@ExtendWith(RabbitMqServerExtension.class)
class ExchangeRoutingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Sent last to each group: what was routed to it before is there before. */
    private static final String LAST = "last";

    private final RabbitMqServer server;
    private final String exchange = RawRabbitMq.name("exchange");
    private final Map<String, List<String>> received = new ConcurrentHashMap<>();
    private final List<MessagingClient> clients = new ArrayList<>();

    ExchangeRoutingIT(RabbitMqServer server) {
        this.server = server;
    }

    @AfterEach
    void close() {
        clients.forEach(MessagingClient::close);
    }

    private RabbitMqOptionsBuilder options() {
        return RabbitMqOptions.builder().url(server.url());
    }

    private RabbitMqOptionsBuilder options(ExchangeType type) {
        return options().exchange(exchange).exchangeType(type);
    }

    private MessagingClient open(RabbitMqOptionsBuilder options) {
        MessagingClient client =
                MessagingClients.builder().backend(options.build()).build();
        clients.add(client);
        return client;
    }

    private void group(MessagingClient client, String group, String... topics) {
        List<String> of = new CopyOnWriteArrayList<>();
        received.put(group, of);
        client.consumer(RawRabbitMq.name(group))
                .subscribe(List.of(topics), message -> of.add(message.topic() + " " + message.valueText()))
                .awaitReady(PATIENCE);
    }

    private static Message message(String topic, String value) {
        return Message.builder(topic).valueText(value).build();
    }

    private void received(String group, String... expected) {
        List<String> of = received.getOrDefault(group, List.of());
        await("the last message of " + group).atMost(PATIENCE).until(() -> of.size() >= expected.length);
        assertThat(of).as(group).containsExactly(expected);
    }

    private static void reachesNobody(MessageProducer producer, Message message) {
        SendException error = catchThrowableOfType(SendException.class, () -> producer.send(message));
        assertThat(error.code()).isEqualTo(ErrorCode.UNROUTABLE);
    }

    @Test
    void aDirectExchangeGivesEachGroupTheTopicsThatItSubscribed() {
        MessagingClient client = open(options(ExchangeType.DIRECT));
        group(client, "creations", "order.created", "order.copied");
        group(client, "deletions", "order.deleted");
        group(client, "both", "order.created", "order.deleted");
        MessageProducer producer = client.producer();

        for (String topic : List.of("order.created", "order.deleted", "order.copied")) {
            producer.send(message(topic, LAST));
        }
        reachesNobody(producer, message("order", "nobody"));

        received("creations", "order.created last", "order.copied last");
        received("deletions", "order.deleted last");
        received("both", "order.created last", "order.deleted last");
    }

    @Test
    void aTopicThatIsUnboundNoLongerReachesItsGroup() {
        MessagingClient client = open(options(ExchangeType.DIRECT));
        String group = RawRabbitMq.name("unbound");
        client.provision(group, List.of("order.created", "order.deleted"));
        client.unbind(group, "order.deleted");
        client.unbind(group, "order.deleted");
        client.unbind(RawRabbitMq.name("nobody"), "order.created");
        MessageProducer producer = client.producer();

        reachesNobody(producer, message("order.deleted", "nobody"));
        producer.send(message("order.created", LAST));

        assertThat(RawRabbitMq.take(server, group, 1)).containsExactly(LAST);
    }

    @Test
    void aFanoutExchangeGivesEveryGroupEveryMessageWhateverItsTopic() {
        MessagingClient client = open(options(ExchangeType.FANOUT));
        group(client, "one", "a");
        group(client, "other", "b");
        MessageProducer producer = client.producer();

        for (String topic : List.of("a", "b", "c")) {
            producer.send(message(topic, LAST));
        }

        received("one", "a last", "b last", "c last");
        received("other", "a last", "b last", "c last");
    }

    @Test
    void aTopicExchangeMatchesAStarWithOneWordAndAHashWithAny() {
        MessagingClient client = open(options(ExchangeType.TOPIC));
        group(client, "words", "order.*");
        group(client, "any", "order.#", "audit");
        group(client, "middle", "*.created.#");
        MessageProducer producer = client.producer();

        for (String topic : List.of("order", "order.created", "order.created.eu", "audit", "bill.created")) {
            producer.send(message(topic, LAST));
        }
        reachesNobody(producer, message("bill", "nobody"));
        reachesNobody(producer, message("audit.eu", "nobody"));

        received("words", "order.created last");
        received("any", "order last", "order.created last", "order.created.eu last", "audit last");
        received("middle", "order.created last", "order.created.eu last", "bill.created last");
    }

    @Test
    void aHeadersExchangeMatchesTheArgumentsOfTheBindingWithTheHeadersOfTheMessage() {
        RabbitMqOptionsBuilder all = options(ExchangeType.HEADERS)
                .bindingArgument("x-match", "all")
                .bindingArgument("region", "eu")
                .bindingArgument("kind", "order");
        RabbitMqOptionsBuilder any = options(ExchangeType.HEADERS)
                .bindingArgument("x-match", "any")
                .bindingArgument("region", "eu")
                .bindingArgument("kind", "order");
        MessagingClient client = open(all);
        group(client, "all", "t");
        group(open(any), "any", "t");
        MessageProducer producer = client.producer();

        producer.send(
                Message.builder("t").valueText("one").header("region", "eu").build());
        producer.send(Message.builder("t")
                .valueText("two")
                .header("region", "eu")
                .header("kind", "order")
                .build());
        producer.send(
                Message.builder("u").valueText("three").header("kind", "order").build());
        reachesNobody(
                producer,
                Message.builder("t").valueText("none").header("region", "us").build());

        received("all", "t two");
        received("any", "t one", "t two", "u three");
    }

    @Test
    void withTheDefaultExchangeATopicIsAQueueThatAllGroupsShare() {
        String queue = RawRabbitMq.name("queue");
        MessagingClient client = open(options().defaultExchange(true));
        group(client, "only", queue);

        client.producer().send(message(queue, LAST));
        reachesNobody(client.producer(), message(RawRabbitMq.name("nobody"), "nobody"));

        received("only", queue + " last");
        await("drained").atMost(PATIENCE).until(() -> RawRabbitMq.isDrained(server, queue));
    }

    @Test
    void withoutAnExchangeTopicsGoThroughTheBrokersOwnTopicExchange() {
        String prefix = RawRabbitMq.name("orders");
        MessagingClient client = open(options());
        String other = RawRabbitMq.name("bills");
        group(client, "any", prefix + ".#", other);

        client.producer().send(message(other, LAST));
        client.producer().send(message(prefix + ".created", LAST));

        received("any", other + " last", prefix + ".created last");
        RawRabbitMq.on(server, channel -> {
            channel.basicPublish("amq.topic", prefix + ".raw", null, new byte[] {'x'});
            return null;
        });
        received("any", other + " last", prefix + ".created last", prefix + ".raw x");
    }
}
