package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.testkit.junit.RabbitMqOperator;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who declares, who checks, and what is said when what is there is not what is wanted. */
@ExtendWith(RabbitMqServerExtension.class)
class TopologyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RabbitMqServer server;
    private final String exchange = RawRabbitMq.name("exchange");
    private final String group = RawRabbitMq.name("group");
    private final Message message =
            Message.builder("order.created").valueText("{}").build();
    private @Nullable MessagingClient client;

    TopologyIT(RabbitMqServer server) {
        this.server = server;
    }

    @AfterEach
    void close() {
        if (client != null) {
            client.close();
        }
    }

    private MessagingClient open(RabbitMqTopology topology) {
        MessagingClient opened = MessagingClients.builder()
                .backend(RabbitMqOptions.builder()
                        .url(server.url())
                        .exchange(exchange)
                        .topology(topology)
                        .build())
                .build();
        client = opened;
        return opened;
    }

    private void declareExchange(String type) {
        RawRabbitMq.on(server, channel -> channel.exchangeDeclare(exchange, type, true));
    }

    private SendException refused(MessageProducer producer) {
        return catchThrowableOfType(SendException.class, () -> producer.send(message));
    }

    @Test
    void withCreateTheExchangeIsThereBeforeTheFirstMessage() {
        MessagingClient opened = open(RabbitMqTopology.CREATE);

        SendException unroutable = refused(opened.producer());

        assertThat(unroutable.code()).isEqualTo(ErrorCode.UNROUTABLE);
        AMQP.Exchange.DeclareOk there = RawRabbitMq.on(server, channel -> channel.exchangeDeclarePassive(exchange));
        assertThat(there).isNotNull();
        RawRabbitMq.on(server, channel -> {
            channel.queueDeclare(group, true, false, false, Map.of());
            return channel.queueBind(group, exchange, "order.created");
        });
        assertThat(opened.producer().send(message).routed()).isTrue();
    }

    @Test
    void anExchangeOfAnotherTypeRefusesSendsByItsNameAndBothTypesUntilItIsRight() {
        declareExchange("fanout");
        MessagingClient opened = open(RabbitMqTopology.CREATE);
        MessageProducer producer = opened.producer();

        SendException mismatch = refused(producer);

        assertThat(mismatch.code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH);
        assertThat(mismatch.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
        assertThat(mismatch).hasMessageContainingAll(exchange, "'type'", "direct", "fanout");
        RawRabbitMq.on(server, channel -> channel.exchangeDelete(exchange));
        await("declared anew").atMost(PATIENCE).until(() -> refused(producer).code() == ErrorCode.UNROUTABLE);
    }

    @ParameterizedTest
    @EnumSource(
            value = RabbitMqTopology.class,
            names = {"PASSIVE", "NONE"})
    void withoutCreateAMissingExchangeRefusesSendsWithTheRemedyUntilItIsThere(RabbitMqTopology topology) {
        MessagingClient opened = open(topology);
        MessageProducer producer = opened.producer();

        SendException missing = refused(producer);

        assertThat(missing.code()).isEqualTo(ErrorCode.TOPOLOGY_MISMATCH);
        assertThat(missing.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
        assertThat(missing).hasMessageContaining(exchange).hasMessageContaining("CREATE");
        declareExchange("direct");
        await("found").atMost(PATIENCE).until(() -> refused(producer).code() == ErrorCode.UNROUTABLE);
    }

    @Test
    void aQueueThatIsThereWithOtherPropertiesFailsTheSubscriptionNamingBoth() {
        RawRabbitMq.on(server, channel -> channel.queueDeclare(group, false, false, false, Map.of()));
        MessagingClient opened = open(RabbitMqTopology.CREATE);

        MessagingException failure = catchThrowableOfType(
                MessagingException.class,
                () -> opened.consumer(group)
                        .subscribe("order.created", received -> {})
                        .awaitReady(PATIENCE));

        assertThat(MessagingException.is(failure, ErrorCode.TOPOLOGY_MISMATCH)).isTrue();
        assertThat(failure).hasStackTraceContaining("'" + group + "'");
        assertThat(failure).hasStackTraceContaining("'durable': wanted 'true', actual 'false'");
    }

    /** One that the broker makes a quorum queue would have the broker's limit of deliveries. */
    @Test
    void aClassicQueueIsOneAlsoWhereTheVirtualHostMakesQuorumQueues() {
        String host = RawRabbitMq.name("quorum-host");
        server.operator().control("add_vhost", host, "--default-queue-type", "quorum");
        server.operator().permitAll("guest", host);
        client = MessagingClients.builder()
                .backend(RabbitMqOptions.builder()
                        .brokers(server.address())
                        .credentials("guest", Secret.of("guest"))
                        .virtualHost(host)
                        .build())
                .build();

        ready(client);

        assertThat(server.operator().queues(host))
                .extracting(RabbitMqOperator.Queue::type)
                .containsExactly("classic");
    }

    @Test
    void aQueueWithoutATypeIsEqualToOursWhoeverDeclaredItFirst() {
        String ours = RawRabbitMq.name("ours");
        RawRabbitMq.on(server, channel -> channel.queueDeclare(group, true, false, false, Map.of()));
        MessagingClient opened = open(RabbitMqTopology.CREATE);

        ready(opened);
        opened.consumer(ours).subscribe("order.created", received -> {}).awaitReady(PATIENCE);

        AMQP.Queue.DeclareOk equal =
                RawRabbitMq.on(server, channel -> channel.queueDeclare(ours, true, false, false, Map.of()));
        assertThat(equal.getQueue()).isEqualTo(ours);
    }

    private void ready(MessagingClient opened) {
        opened.consumer(group).subscribe("order.created", received -> {}).awaitReady(PATIENCE);
    }

    @Test
    void withPassiveAMissingQueueIsNamedWithTheRemedy() {
        declareExchange("direct");
        MessagingClient opened = open(RabbitMqTopology.PASSIVE);

        MessagingException failure = catchThrowableOfType(
                MessagingException.class,
                () -> opened.consumer(group)
                        .subscribe("order.created", received -> {})
                        .awaitReady(PATIENCE));

        assertThat(MessagingException.is(failure, ErrorCode.CREATE_CONSUMER)).isTrue();
        assertThat(failure).hasStackTraceContaining("'" + group + "'");
        assertThat(failure).hasStackTraceContaining("topology mode CREATE");
    }
}
