package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.microservicekit.messaging.it.ProcessState;
import io.microservicekit.messaging.testkit.junit.RabbitMqOperator;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each test leaves the node as it found it: running, without alarm. */
@Tag("long-faults-rabbitmq")
class RabbitMqServerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** RabbitMQ forgets a quorum queue that was declared less than a second before the kill. */
    private static final long QUEUE_AGE_NANOS = 1_500_000_000L;

    private static final int SHORT_MILLIS = 500;

    private static RabbitMqServer server;
    private static RabbitMqOperator operator;

    @BeforeAll
    static void start() {
        server = RabbitMqServer.builder()
                .consumerTimeout(Duration.ofMinutes(1))
                .channelTick(Duration.ofSeconds(1))
                .property("frame_max", "65536")
                .start();
        operator = server.operator();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void whatWasConfirmedIsTakenInOrderFromEachTypeOfQueue() throws Exception {
        try (Connection connection = RawRabbitMq.connect(server, "both-types");
                Channel channel = connection.createChannel()) {
            for (String type : List.of("classic", "quorum")) {
                RawRabbitMq.declare(channel, "read-back-" + type, type);
                RawRabbitMq.publish(channel, "read-back-" + type, RawRabbitMq.values(100));
            }
        }
        assertThat(RawRabbitMq.take(server, "read-back-classic", 100)).isEqualTo(RawRabbitMq.values(100));
        assertThat(RawRabbitMq.take(server, "read-back-quorum", 100)).isEqualTo(RawRabbitMq.values(100));
    }

    @Test
    void whatWasConfiguredIsInForce() throws Exception {
        assertThat(operator.evaluate("[element(2, application:get_env(rabbit, Each)) || Each <- [consumer_timeout,"
                        + " channel_tick_interval, frame_max]]."))
                .isEqualTo("[60000,1000,65536]");
        try (Connection connection = RawRabbitMq.connect(server, "negotiates")) {
            assertThat(connection.getFrameMax()).isEqualTo(65_536);
        }
    }

    @Test
    void aKilledNodeRestartsWithEveryConfirmedMessageOfAQuorumQueue() throws Exception {
        fillQuorumQueueOfSafeAge("killed");
        String address = server.address();
        long killed = server.pid();

        server.kill();

        assertThat(ProcessState.hasEnded(killed)).isTrue();
        assertThatThrownBy(server::pid)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("restart()");
        server.restart();
        assertThat(server.pid()).isNotEqualTo(killed);
        assertThat(server.address()).isEqualTo(address);
        assertThat(RawRabbitMq.take(server, "killed", 1_000)).isEqualTo(RawRabbitMq.values(1_000));
    }

    private static void fillQuorumQueueOfSafeAge(String queue) throws Exception {
        try (Connection connection = RawRabbitMq.connect(server, "before-the-kill");
                Channel channel = connection.createChannel()) {
            RawRabbitMq.declare(channel, queue, "quorum");
            long declared = System.nanoTime();
            await().atMost(PATIENCE).until(() -> System.nanoTime() - declared > QUEUE_AGE_NANOS);
            RawRabbitMq.publish(channel, queue, RawRabbitMq.values(1_000));
        }
    }

    @Test
    void aFrozenNodeConfirmsNothingAndAThawedOneConfirms() throws Exception {
        try (Connection connection = RawRabbitMq.connect(server, "frozen");
                Channel channel = connection.createChannel()) {
            RawRabbitMq.declare(channel, "frozen", "classic");
            RawRabbitMq.publish(channel, "frozen", List.of("before"));
            long pid = server.pid();
            server.freeze();
            try {
                assertThat(ProcessState.isStopped(pid)).isTrue();
                confirmsNothing(channel, "frozen");
            } finally {
                server.thaw();
            }
            assertThat(channel.waitForConfirms(PATIENCE.toMillis())).isTrue();
            assertThat(server.pid()).isEqualTo(pid);
        }
        assertThat(RawRabbitMq.take(server, "frozen", 2)).containsExactly("before", "during");
    }

    private static void confirmsNothing(Channel channel, String queue) throws IOException {
        channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, "during".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> channel.waitForConfirms(SHORT_MILLIS)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void anOperatorSeesConnectionsAndClosesThem() throws Exception {
        CompletableFuture<ShutdownSignalException> end = new CompletableFuture<>();
        Connection connection = RawRabbitMq.connect(server, "unlucky");
        connection.addShutdownListener(end::complete);
        connection.createChannel();
        assertThat(operator.connections())
                .filteredOn(each -> each.givenName().equals("unlucky"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.user()).isEqualTo("guest");
                    assertThat(each.virtualHost()).isEqualTo("/");
                    assertThat(each.state()).isEqualTo("running");
                    assertThat(each.channels()).isEqualTo(1);
                });

        operator.closeAllConnections("the operator says so");

        AMQP.Connection.Close close = (AMQP.Connection.Close)
                end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getReason();
        assertThat(close.getReplyCode()).isEqualTo(AMQP.CONNECTION_FORCED);
        assertThat(close.getReplyText()).contains("the operator says so");
    }

    @Test
    void aMemoryAlarmBlocksPublishersUntilItIsCleared() throws Exception {
        CompletableFuture<String> blocked = new CompletableFuture<>();
        CompletableFuture<Boolean> unblocked = new CompletableFuture<>();
        try (Connection connection = RawRabbitMq.connect(server, "alarmed");
                Channel channel = connection.createChannel()) {
            connection.addBlockedListener(blocked::complete, () -> unblocked.complete(true));
            RawRabbitMq.declare(channel, "alarmed", "classic");
            RawRabbitMq.publish(channel, "alarmed", List.of("before"));

            operator.raiseMemoryAlarm();
            try {
                confirmsNothing(channel, "alarmed");
                assertThat(blocked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("memory");
                assertThat(operator.connections())
                        .anyMatch(each -> each.givenName().equals("alarmed")
                                && each.state().equals("blocked"));
                assertThat(unblocked).isNotDone();
            } finally {
                operator.clearMemoryAlarm();
            }
            assertThat(unblocked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(channel.waitForConfirms(PATIENCE.toMillis())).isTrue();
        }
    }

    @Test
    void anOperatorSeesWhatQueuesHoldAndWhoConsumes() throws Exception {
        operator.addVirtualHost("seen");
        operator.permitAll("guest", "seen");
        ConnectionFactory factory = RawRabbitMq.factory(server);
        factory.setVirtualHost("seen");
        try (Connection connection = factory.newConnection("consumes");
                Channel channel = connection.createChannel()) {
            RawRabbitMq.declare(channel, "work", "quorum");
            RawRabbitMq.publish(channel, "work", RawRabbitMq.values(5));
            channel.basicQos(2);
            channel.basicConsume("work", false, "me", (tag, delivery) -> {}, tag -> {});

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(operator.queues("seen"))
                            .containsExactly(new RabbitMqOperator.Queue("work", "quorum", 3, 2, 1)));
            assertThat(operator.consumers("seen"))
                    .containsExactly(new RabbitMqOperator.Consumer("work", "me", true, 2, true));
        }
    }

    @Test
    void aUserDoesWhatIsPermittedAndNothingElse() throws Exception {
        operator.addUser("limited", "its password");
        operator.permit("limited", "/", new RabbitMqOperator.Permissions("^mine", "^mine", ""));
        ConnectionFactory factory = RawRabbitMq.factory(server);
        factory.setUsername("limited");
        factory.setPassword("its password");
        try (Connection connection = factory.newConnection("limited")) {
            RawRabbitMq.declare(connection.createChannel(), "mine", "classic");

            assertThatThrownBy(() -> RawRabbitMq.declare(connection.createChannel(), "theirs", "classic"))
                    .rootCause()
                    .hasMessageContainingAll("reply-code=403", "access to queue 'theirs' in vhost '/' refused")
                    .hasMessageContaining("for user 'limited'");
        }
    }

    @Test
    void whatRabbitmqctlRefusesIsSaidInItsWordsWithoutItsArguments() {
        assertThatThrownBy(() -> operator.control("change_password", "nobody", "secret"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("running 'rabbitmqctl change_password' failed with status")
                .hasMessageContaining("nobody")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aNodeGivenByItsUrlIsUsedButNotOwned() throws Exception {
        System.setProperty("messaging.rabbitmq.url", server.url());
        try (RabbitMqServer given = RabbitMqServer.start()) {
            RawRabbitMq.connect(given, "given").close();

            assertThat(given.address()).isEqualTo(server.address());
            assertThatThrownBy(given::kill)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("-Dmessaging.rabbitmq.url");
        } finally {
            System.clearProperty("messaging.rabbitmq.url");
        }
        assertThat(ProcessHandle.of(server.pid())).isPresent();
    }
}
