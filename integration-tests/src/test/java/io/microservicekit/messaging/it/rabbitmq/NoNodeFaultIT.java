package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.Within.within;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Fault("F33")
@ExtendWith(FaultNode.class)
class NoNodeFaultIT {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final RabbitMqServer server;

    NoNodeFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    /** What a machine needs to load classes for the first time is no part of what is promised. */
    @BeforeEach
    void openOneBefore() {
        MessagingClients.builder()
                .backend(RabbitMqOptions.builder().url(server.url()).build())
                .build()
                .close();
    }

    @Test
    void withoutANodeTheClientIsRefusedWithinItsConnectTimeoutAndSaysWhereItLooked() throws Exception {
        refused("127.0.0.1:" + closedPort());
    }

    @Test
    void aPortThatAcceptsAndNeverAnswersIsNoNodeEither() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, loopback())) {
            refused("127.0.0.1:" + silent.getLocalPort());
        }
    }

    /** Only its way to the node is closed at first, which is the same to it. */
    @Test
    void aClientThatWaitsIsThereAtOnceAndSendsAndReceivesWhenANodeAppears() throws Exception {
        String topic = "late-" + UUID.randomUUID().toString().substring(0, 8);
        String address = server.address();
        try (FaultProxy way = FaultProxy.to(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))) {
            way.refuse();
            try (MessagingClient client = within(GRACE, watch -> watch.time(() -> waiting(way.address())))) {
                Queue<String> received = new ConcurrentLinkedQueue<>();
                Subscription subscription =
                        client.consumer(topic).subscribe(topic, message -> received.add(message.valueText()));
                assertThatThrownBy(() -> client.producer().send(message(topic, "early"), Duration.ofSeconds(1)))
                        .isInstanceOfSatisfying(
                                SendException.class,
                                early -> assertThat(early.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED));
                assertThat(subscription.ready()).as("ready without a node").isNotDone();
                way.heal();
                subscription.awaitReady(PATIENCE);
                client.producer().send(message(topic, "now"));
                await().atMost(PATIENCE).until(() -> received.contains("now"));
                assertThat(received)
                        .as("what was told not to be delivered is not")
                        .containsExactly("now");
            }
        }
    }

    private static MessagingClient waiting(String address) {
        return MessagingClients.builder()
                .backend(RabbitMqOptions.builder().brokers(address).build())
                .startup(Startup.WAIT)
                .build();
    }

    private static Message message(String topic, String text) {
        return Message.builder(topic).valueText(text).build();
    }

    private static void refused(String address) throws Exception {
        MessagingClientBuilder builder = MessagingClients.builder()
                .backend(RabbitMqOptions.builder().brokers(address).build())
                .connectTimeout(CONNECT);
        BackendUnavailableException refusal = within(
                CONNECT.plus(GRACE),
                watch -> watch.time(() -> catchThrowableOfType(BackendUnavailableException.class, builder::build)));
        assertThat(refusal).hasMessageContaining(address);
        assertThat(refusal.code()).isEqualTo(ErrorCode.CREATE_CLIENT);
        assertThat(MessagingException.is(refusal, ErrorCode.NO_BROKERS_AVAILABLE))
                .isTrue();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
