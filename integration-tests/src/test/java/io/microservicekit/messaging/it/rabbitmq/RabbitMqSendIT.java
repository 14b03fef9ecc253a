package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of sends on a real node: each outcome is that of its own message, and in time. */
class RabbitMqSendIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int THREADS = 4;

    private static RabbitMqServer server;

    @BeforeAll
    static void start() throws Exception {
        server = RabbitMqServer.start();
        try (Connection connection = RawRabbitMq.connect(server, "setup");
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("kept", true, false, false, Map.of());
            channel.queueBind("kept", "amq.topic", "kept");
            channel.queueDeclare("full", true, false, false, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
            channel.queueBind("full", "amq.topic", "full");
        }
        RawRabbitMq.publish(server, "full", List.of("fills it"));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static RabbitMqOptionsBuilder options() {
        return RabbitMqOptions.builder().url(server.url());
    }

    private static MessagingClient client(RabbitMqOptions options) {
        return MessagingClients.builder()
                .backend(options)
                .clientId("sender")
                .connectTimeout(PATIENCE)
                .build();
    }

    /** Every tenth is returned and every tenth refused, on the same channel; the connection is cut twice meanwhile. */
    @Test
    void eachOutcomeIsThatOfItsOwnMessage() throws Exception {
        List<SendLog> logs = new ArrayList<>();
        try (MessagingClient client = client(options().build())) {
            MessageProducer producer = client.producer();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                SendLog log = new SendLog(i, producer);
                logs.add(log);
                threads.add(new Thread(log));
            }
            threads.forEach(Thread::start);
            for (int cut = 0; cut < 2; cut++) {
                SendLog.awaitDelivered(logs, 500 * (cut + 1), PATIENCE);
                server.operator().closeAllConnections("cut " + cut);
            }
            SendLog.awaitDelivered(logs, 2_000, PATIENCE);
            logs.forEach(SendLog::stop);
            for (Thread thread : threads) {
                thread.join(PATIENCE.toMillis());
            }
        }
        check(logs);
    }

    private static void check(List<SendLog> logs) throws Exception {
        Set<String> delivered = SendLog.all(logs, SendOutcome.DELIVERED);
        Set<String> notDelivered = SendLog.all(logs, SendOutcome.NOT_DELIVERED);
        Set<String> unknown = SendLog.all(logs, SendOutcome.UNKNOWN);
        Set<String> kept = taken("kept", delivered.size());
        assertThat(without(delivered, kept)).as("confirmed and not there").isEmpty();
        assertThat(without(kept, without(kept, notDelivered)))
                .as("not delivered and there")
                .isEmpty();
        assertThat(SendLog.code(logs, ErrorCode.UNROUTABLE))
                .hasSizeGreaterThan(50)
                .allMatch(id -> id.startsWith("nobody"));
        assertThat(SendLog.code(logs, ErrorCode.SEND_MESSAGE))
                .hasSizeGreaterThan(50)
                .allMatch(id -> id.startsWith("full") || unknown.contains(id));
        assertThat(delivered).allMatch(id -> id.startsWith("kept"));
        assertThat(unknown)
                .as("did not test: nothing was unconfirmed when the connection was cut")
                .isNotEmpty();
    }

    private static Set<String> without(Set<String> all, Set<String> others) {
        Set<String> left = new TreeSet<>(all);
        left.removeIf(others::contains);
        return left;
    }

    /** One by one they would take a minute. */
    private static Set<String> taken(String queue, int messages) throws Exception {
        Set<String> taken = new ConcurrentSkipListSet<>();
        try (Connection connection = RawRabbitMq.connect(server, "taker");
                Channel channel = connection.createChannel()) {
            channel.basicConsume(
                    queue,
                    true,
                    (tag, delivery) -> taken.add(new String(delivery.getBody(), StandardCharsets.UTF_8)),
                    tag -> {});
            await(messages + " messages of " + queue)
                    .atMost(PATIENCE)
                    .until(() -> taken.size() >= messages && channel.messageCount(queue) == 0);
        }
        return taken;
    }

    @Test
    void withAnAlarmOnSendsEndInTimeAndTheShutdownKeepsItsDeadline() throws Exception {
        try {
            Duration bound = Duration.ofSeconds(3);
            within(
                    bound,
                    sending -> within(bound, watch -> {
                        MessagingClient client = client(options().build());
                        MessageProducer producer = client.producer();
                        server.operator().raiseMemoryAlarm();
                        byte[] large = new byte[1 << 20];
                        List<CompletableFuture<?>> sends = new ArrayList<>();
                        for (int i = 0; i < 20; i++) {
                            sends.add(producer.sendAsync(
                                    Message.builder("kept").value(large).build()));
                        }
                        SendException late = catchThrowableOfType(
                                SendException.class,
                                () -> sending.time(() -> producer.send(
                                        Message.builder("kept").value(large).build(), Duration.ofSeconds(2))));
                        assertThat(late.code()).isEqualTo(ErrorCode.TIMEOUT);
                        watch.time(() -> client.shutdown(Duration.ofSeconds(2)));
                        sends.forEach(send -> assertThat(send).isCompletedExceptionally());
                        server.operator().clearMemoryAlarm();
                        return late;
                    }));
        } finally {
            server.operator().clearMemoryAlarm();
        }
    }
}
