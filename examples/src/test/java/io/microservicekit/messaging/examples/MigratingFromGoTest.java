package io.microservicekit.messaging.examples;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.microservicekit.messaging.api.ClientStats;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.trace.TraceContext;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingMetrics;
import io.microservicekit.messaging.core.SimpleTracer;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the snippets of the migration page do, in memory and in virtual time. */
class MigratingFromGoTest {
    private static final Message ORDER =
            Message.builder("orders").valueText("1").build();

    private final SimulatedRuntime time = SimulatedRuntime.seeded(1);
    private final MemoryBroker broker = MemoryBroker.create();
    private final List<@Nullable String> received = new ArrayList<>();
    private final MessagingMetrics metrics = new MessagingMetrics();
    private final MessagingClient client = MessagingClients.builder()
            .backend(broker.options())
            .runtime(time)
            .metrics(metrics)
            .build();

    @AfterEach
    void end() {
        client.close();
        time.close();
    }

    @Test
    void theMethodsOfTheClient() {
        ClientStats stats =
                MigratingFromGo.clientMethods(client, ProducerOptions.defaults(), ConsumerOptions.defaults());
        assertThat(stats).isEqualTo(new ClientStats(1, 1, false));
        assertThat(client.stats().closed()).isTrue();
    }

    @Test
    void aMessageIsSentWithItsHeaders() {
        SendResult sent = MigratingFromGo.send(client.producer());
        assertThat(sent.topic()).isEqualTo("orders");
        Message stored = broker.messages("orders").get(0).message();
        assertThat(stored.keyText()).isEqualTo("order-123");
        assertThat(stored.headers().text("trace-id")).isEqualTo("abc-123");
    }

    @Test
    void aBatchIsSent() {
        assertThat(MigratingFromGo.sendBatch(client.producer(), ORDER, ORDER, ORDER)
                        .allDelivered())
                .isTrue();
        assertThat(broker.messages("orders")).hasSize(3);
    }

    @Test
    void messagesAreConsumedAndAcknowledged() {
        var consumer = client.consumer("order-service");
        consumedBy(MigratingFromGo.consume(consumer, message -> received.add(message.valueText())), "order-service");
    }

    @Test
    void messagesAreCommittedByHand() {
        consumedBy(MigratingFromGo.consumeAndCommit(client, message -> received.add(message.valueText())), "audit");
    }

    private void consumedBy(Subscription orders, String group) {
        orders.awaitReady(Duration.ofSeconds(1));
        client.producer().send(ORDER);
        time.advance(Duration.ofSeconds(2));
        assertThat(received).containsExactly("1");
        assertThat(broker.lag(group)).isZero();
    }

    @Test
    void aProbeAnswers200AndOnceClosed503() throws Exception {
        try (MessagingClient real =
                MessagingClients.builder().backend(broker.options()).build()) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            MigratingFromGo.health(server, real);
            server.start();
            try {
                assertThat(probe(server)).isEqualTo(200);
                real.shutdown(Duration.ofSeconds(1));
                assertThat(probe(server)).isEqualTo(503);
            } finally {
                server.stop(0);
            }
        }
    }

    private static int probe(HttpServer server) throws IOException, InterruptedException {
        InetSocketAddress address = server.getAddress();
        URI health = URI.create("http://" + address.getHostString() + ":" + address.getPort() + "/health");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void theMetricsArePrintedAndReset() {
        client.producer().send(ORDER);
        Printed printed = new Printed();
        MigratingFromGo.printMetrics(metrics, printed.stream());
        assertThat(printed.text()).contains("sent: 1", "consumed: 0", "topic orders sent: 1");
        assertThat(metrics.snapshot().messagesSent()).isZero();
    }

    @Test
    void producerAndConsumerShareATracer() {
        SimpleTracer tracer = MigratingFromGo.ownTracer(client, (producer, consumer) -> {
            consumer.subscribe(
                    "orders", message -> producer.send(Message.builder("bills").build()));
            time.settle();
            producer.send(ORDER);
            time.advance(Duration.ofSeconds(1));
        });
        assertThat(trace("bills").traceId()).isEqualTo(trace("orders").traceId());
        assertThat(trace("bills").parentSpanId()).isNotNull();
        assertThat(tracer.current()).isNull();
    }

    private TraceContext trace(String topic) {
        return Objects.requireNonNull(
                TraceContext.from(broker.messages(topic).get(0).message().headers()));
    }

    @Test
    void aTracerOfOnesOwnSeesSendsAndAttempts() {
        List<String> log = new ArrayList<>();
        try (MessagingClient traced = MessagingClients.builder()
                .backend(broker.options())
                .runtime(time)
                .tracer(new LoggingTracer(log::add))
                .build()) {
            ConsumerOptions options =
                    ConsumerOptions.builder().deadLetterQueue("orders-dlq").build();
            traced.consumer("order-service", options).subscribe("orders", message -> {
                throw new IllegalStateException("no stock");
            });
            time.settle();
            traced.producer().send(ORDER);
            time.advance(Duration.ofSeconds(1));
        }
        String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assertThat(log)
                .containsExactly(
                        "send orders ended",
                        "process orders " + traceparent + " failed: java.lang.IllegalStateException: no stock",
                        "process orders " + traceparent + " ended",
                        "dead letter orders-dlq ended",
                        "settle orders ended");
    }

    @Test
    void aFailingOrderIsRetriedThreeTimesAndDeadLettered() {
        List<Long> seconds = new ArrayList<>();
        MigratingFromGo.retryAndDeadLetters(client, message -> {
            seconds.add(time.elapsed().toSeconds());
            throw new IllegalStateException("no stock");
        });
        time.settle();
        client.producer().send(ORDER);
        time.advance(Duration.ofSeconds(8));
        assertThat(seconds).containsExactly(0L, 1L, 3L, 7L);
        assertThat(broker).topic("orders-dlq").hasDeadLetter("no stock").nothingLost();
    }

    @Test
    void theHookShutsTheClientDown() throws InterruptedException {
        Thread hook = MigratingFromGo.shutdownHook(client);
        assertThat(Runtime.getRuntime().removeShutdownHook(hook)).isTrue();
        hook.start();
        hook.join(60_000);
        assertThat(client.stats().closed()).isTrue();
    }

    @Test
    void whatIsClosedIsToldApart() {
        MessageProducer producer = client.producer();
        assertThat(MigratingFromGo.errors(producer, ORDER)).isEqualTo("sent");
        producer.close();
        assertThat(MigratingFromGo.errors(producer, ORDER)).isEqualTo("the producer is closed");
        client.close();
        assertThat(MigratingFromGo.errors(producer, ORDER)).isEqualTo("the client is closed");
    }

    @Test
    void aSendUnderWayWhenItsProducerClosesIsASendExceptionWithTheSameCode() {
        broker.delayConfirms("orders", Duration.ofHours(1), 1);
        CompletableFuture<SendResult> sent = client.producer().sendAsync(ORDER);
        client.shutdown(Duration.ofSeconds(1));

        Throwable error = catchThrowable(sent::join);
        assertThat(MessagingException.is(error, ErrorCode.PRODUCER_CLOSED)).isTrue();
        assertThat(error).hasCauseInstanceOf(SendException.class);
    }
}
