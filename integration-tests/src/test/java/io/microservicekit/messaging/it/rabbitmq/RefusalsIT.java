package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidMessageException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.testkit.junit.RabbitMqOperator;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the broker refuses ends in an error that says what and why and what to do, and tells no secret. */
@ExtendWith(RabbitMqServerExtension.class)
class RefusalsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final String SECRET = "hunter2-hunter2";

    private final RabbitMqServer server;
    private final String topic = RawRabbitMq.name("refused");

    RefusalsIT(RabbitMqServer server) {
        this.server = server;
    }

    private static MessagingClient open(RabbitMqOptionsBuilder options) {
        return MessagingClients.builder()
                .backend(options.build())
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    private RabbitMqOptionsBuilder options() {
        return RabbitMqOptions.builder().url(server.url());
    }

    private RabbitMqOptionsBuilder options(String user, String password) {
        return RabbitMqOptions.builder().brokers(server.address()).credentials(user, Secret.of(password));
    }

    private Message message(String value) {
        return Message.builder(topic).valueText(value).build();
    }

    private SendException refused(MessageProducer producer) {
        return catchThrowableOfType(SendException.class, () -> producer.send(message(SECRET)));
    }

    private static void tellsNoSecret(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true));
        assertThat(text.toString()).doesNotContain(SECRET);
    }

    @Test
    void anUnroutableMessageIsNotDeliveredAndTheErrorSaysWhatToDo() {
        try (MessagingClient client = open(options())) {
            SendException error = refused(client.producer());

            assertThat(error.code()).isEqualTo(ErrorCode.UNROUTABLE);
            assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
            assertThat(error).hasMessageContainingAll(topic, "amq.topic", "NO_ROUTE", "subscribe before sending");
            tellsNoSecret(error);
        }
    }

    @Test
    void aMessageThatAFullQueueRefusesIsNotDeliveredAndTheOthersAre() {
        Map<String, Object> full = Map.of("x-max-length", 1, "x-overflow", "reject-publish");
        RawRabbitMq.on(server, channel -> {
            channel.queueDeclare(topic, true, false, false, full);
            return channel.queueBind(topic, "amq.topic", topic);
        });
        try (MessagingClient client = open(options())) {
            MessageProducer producer = client.producer();
            producer.send(message("first"));

            SendException error = refused(producer);

            assertThat(error.code()).isEqualTo(ErrorCode.SEND_MESSAGE);
            assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
            assertThat(error).hasMessageContainingAll("basic.nack", "reject-publish", "can be sent again");
            tellsNoSecret(error);
            assertThat(RawRabbitMq.take(server, topic, 1)).containsExactly("first");
            producer.send(message("second"));
            assertThat(RawRabbitMq.take(server, topic, 1)).containsExactly("second");
        }
    }

    @Test
    void aMessageLargerThanTheLimitIsRefusedBeforeItIsSent() {
        try (MessagingClient client = open(options().maxMessageBytes(1_000))) {
            InvalidMessageException error = catchThrowableOfType(
                    InvalidMessageException.class, () -> client.producer().send(message(SECRET.repeat(100))));

            assertThat(error.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
            assertThat(error).hasMessageContainingAll("1500", "1000", "raise the limit");
            tellsNoSecret(error);
        }
    }

    @Test
    void aUserWithoutTheRightIsToldWhichOneToGrant() {
        String user = RawRabbitMq.name("reader");
        server.operator().addUser(user, SECRET);
        server.operator().permit(user, "/", new RabbitMqOperator.Permissions("", "", ".*"));
        try (MessagingClient client = open(options(user, SECRET))) {
            SendException sending = refused(client.producer());

            assertThat(sending.code()).isEqualTo(ErrorCode.AUTHORIZATION);
            assertThat(sending.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED);
            assertThat(sending).hasMessageContainingAll("write", "amq.topic");
            tellsNoSecret(sending);
            MessagingException consuming = catchThrowableOfType(
                    MessagingException.class,
                    () -> client.consumer(topic)
                            .subscribe(topic, received -> {})
                            .awaitReady(PATIENCE));
            assertThat(MessagingException.is(consuming, ErrorCode.AUTHORIZATION))
                    .isTrue();
            assertThat(consuming).hasStackTraceContaining("'configure'");
            assertThat(consuming).hasStackTraceContaining("set_permissions");
            tellsNoSecret(consuming);
        }
    }

    private static MessagingException unopened(RabbitMqOptionsBuilder options, ErrorCode reason) {
        long start = System.nanoTime();
        MessagingException error = catchThrowableOfType(MessagingException.class, () -> open(options));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CONNECT_TIMEOUT.plusSeconds(5));
        assertThat(error.code()).isEqualTo(ErrorCode.CREATE_CLIENT);
        assertThat(MessagingException.is(error, reason)).as("%s", error).isTrue();
        tellsNoSecret(error);
        return error;
    }

    @Test
    void aWrongPasswordIsAnAuthenticationErrorThatNamesTheUserAndNotThePassword() {
        MessagingException error = unopened(options("guest", SECRET), ErrorCode.AUTHENTICATION);

        assertThat(error).hasStackTraceContaining("Check user and password");
    }

    @Test
    void anUnknownVirtualHostIsNamed() {
        MessagingException error =
                unopened(options("guest", "guest").virtualHost("nowhere"), ErrorCode.TOPOLOGY_MISMATCH);

        assertThat(error).hasStackTraceContaining("nowhere");
        assertThat(error).hasStackTraceContaining("Check the virtual host");
    }

    @Test
    void aVirtualHostThatTheUserMayNotEnterIsNamedTogetherWithTheRight() {
        String user = RawRabbitMq.name("stranger");
        server.operator().addUser(user, SECRET);

        MessagingException error = unopened(options(user, SECRET), ErrorCode.AUTHORIZATION);

        assertThat(error).hasStackTraceContaining("permissions");
    }
}
