package io.microservicekit.messaging.examples;

import com.sun.net.httpserver.HttpServer;
import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.ClientStats;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import io.microservicekit.messaging.core.MessagingMetrics;
import io.microservicekit.messaging.core.MetricsSnapshot;
import io.microservicekit.messaging.core.SimpleTracer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The Java twins of the Go snippets in {@code docs/migrating-from-go.md}: what stands between the tags is shown there. */
final class MigratingFromGo {
    private MigratingFromGo() {}

    static SendResult quickStart(String brokers, System.Logger log) {
        // tag::client[]
        try (MessagingClient client = MessagingClients.builder()
                .brokers(brokers)
                .logger(log)
                .metrics(new MessagingMetrics())
                .tracing()
                .build()) {

            MessageConsumer consumer = client.consumer(
                    "order-service",
                    ConsumerOptions.builder()
                            .retry(RetryPolicy.exponential(3, Duration.ofSeconds(1)))
                            .build());
            var received = new CompletableFuture<String>();
            Subscription orders = consumer.subscribe("orders", message -> received.complete(message.valueText()));
            orders.awaitReady(Duration.ofSeconds(10)); // nothing sent from here on is missed

            MessageProducer producer = client.producer();
            SendResult sent = producer.send(Message.builder("orders")
                    .keyText("order-123")
                    .valueText("{\"id\":\"123\",\"amount\":100}")
                    .build());

            System.out.println("received " + received.join());
            return sent;
        }
        // end::client[]
    }

    static void direct(String brokers, System.Logger log, BiConsumer<MessageProducer, MessageConsumer> use) {
        // tag::direct[]
        MessagingConfig config = MessagingConfig.from(Map.of("type", "kafka", "brokers", List.of(brokers)));

        try (MessageProducer producer =
                        MessagingClients.builder().config(config).logger(log).openProducer();
                MessageConsumer consumer =
                        MessagingClients.builder().config(config).logger(log).openConsumer("order-service")) {
            use.accept(producer, consumer);
        }
        // end::direct[]
    }

    static ClientStats clientMethods(
            MessagingClient client, ProducerOptions producerOptions, ConsumerOptions consumerOptions) {
        // tag::clientmethods[]
        MessageProducer producer = client.producer(producerOptions);
        MessageConsumer consumer = client.consumer("order-service", consumerOptions);

        client.healthCheck(Duration.ofSeconds(2)); // throws a MessagingException when it fails

        ClientStats stats = client.stats();

        ShutdownReport report =
                client.shutdown(Duration.ofSeconds(30)); // what was drained, returned, abandoned, unacknowledged
        client.close(); // the same without a deadline for running handlers; here it has nothing left to do
        // end::clientmethods[]
        if (!report.clean() || !consumer.group().equals("order-service") || producer == null) {
            throw new IllegalStateException("not as told: " + report);
        }
        return stats;
    }

    static SendResult send(MessageProducer producer) {
        // tag::send[]
        SendResult sent = producer.send(Message.builder("orders")
                .keyText("order-123")
                .valueText("{\"id\":\"123\"}")
                .header("trace-id", "abc-123")
                .build());
        // end::send[]
        return sent;
    }

    static BatchResult sendBatch(MessageProducer producer, Message msg1, Message msg2, Message msg3) {
        // tag::batch[]
        BatchResult sent =
                producer.sendBatch(List.of(msg1, msg2, msg3)); // BatchSendException: which were not delivered
        // end::batch[]
        return sent;
    }

    static Subscription consume(MessageConsumer consumer, Consumer<ReceivedMessage> process) {
        // tag::consume[]
        Subscription orders = consumer.subscribe("orders", message -> {
            process.accept(message); // returns: acknowledged; throws: retried, dead-lettered or held
        });
        // end::consume[]
        return orders;
    }

    static Subscription consumeAndCommit(MessagingClient client, Consumer<ReceivedMessage> process) {
        // tag::commit[]
        MessageConsumer audit = client.consumer(
                "audit", ConsumerOptions.builder().ackMode(AckMode.MANUAL).build());
        Subscription orders = audit.subscribe("orders", message -> {
            process.accept(message);
            audit.commit(message); // returns when the broker has it
        });
        // end::commit[]
        return orders;
    }

    static void health(HttpServer server, MessagingClient client) {
        // tag::health[]
        server.createContext("/health", exchange -> {
            int status = 200;
            try {
                client.healthCheck(Duration.ofSeconds(2));
            } catch (MessagingException e) {
                status = 503;
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        // end::health[]
    }

    static MessagingClient metered(String brokers, MessagingMetrics metrics) {
        // tag::metered[]
        MessagingClient client =
                MessagingClients.builder().brokers(brokers).metrics(metrics).build();
        // end::metered[]
        return client;
    }

    static void printMetrics(MessagingMetrics metrics, PrintStream out) {
        // tag::metrics[]
        MetricsSnapshot snapshot = metrics.snapshot();
        out.printf("sent: %d%n", snapshot.messagesSent());
        out.printf("consumed: %d%n", snapshot.messagesConsumed());
        out.printf("send errors: %d%n", snapshot.sendErrors());
        out.printf("consume errors: %d%n", snapshot.consumeErrors());
        out.printf("retries: %d%n", snapshot.retryCount());
        out.printf("dead letters: %d%n", snapshot.dlqCount());
        out.printf("send latency (avg): %s%n", snapshot.sendLatencyAvg());
        out.printf("send latency (p99): %s%n", snapshot.sendLatencyP99());

        snapshot.topicSent().forEach((topic, count) -> out.printf("topic %s sent: %d%n", topic, count));

        metrics.reset();
        // end::metrics[]
    }

    static MessagingClient traced(String brokers) {
        // tag::tracing[]
        MessagingClient client =
                MessagingClients.builder().brokers(brokers).tracing().build();
        // end::tracing[]
        return client;
    }

    static SimpleTracer ownTracer(MessagingClient client, BiConsumer<MessageProducer, MessageConsumer> use) {
        // tag::settracer[]
        var tracer = new SimpleTracer();
        MessageProducer producer =
                client.producer(ProducerOptions.builder().tracer(tracer).build());
        MessageConsumer consumer = client.consumer(
                "order-service", ConsumerOptions.builder().tracer(tracer).build());
        // end::settracer[]
        use.accept(producer, consumer);
        return tracer;
    }

    static Subscription retryAndDeadLetters(MessagingClient client, MessageHandler processOrder) {
        // tag::deadletters[]
        MessageProducer dlqProducer = client.producer();

        MessageConsumer consumer = client.consumer(
                "order-service",
                ConsumerOptions.builder()
                        .retry(RetryPolicy.exponential(3, Duration.ofSeconds(1))) // after 1 s, 2 s, 4 s
                        .deadLetterQueue("orders-dlq", dlqProducer)
                        .build());

        Subscription orders = consumer.subscribe("orders", processOrder);
        // end::deadletters[]
        return orders;
    }

    static Thread shutdownHook(MessagingClient client) {
        // tag::shutdown[]
        Thread hook = new Thread(() -> client.shutdown(Duration.ofSeconds(30)));
        Runtime.getRuntime().addShutdownHook(hook); // SIGINT and SIGTERM
        // end::shutdown[]
        return hook;
    }

    static String errors(MessageProducer producer, Message message) {
        // tag::errors[]
        try {
            producer.send(message);
        } catch (MessagingException e) { // not ClosedException: see below
            if (MessagingException.is(e, ErrorCode.PRODUCER_CLOSED)) {
                return "the producer is closed";
            }
            if (MessagingException.is(e, ErrorCode.CLIENT_CLOSED)) {
                return "the client is closed";
            }
            throw e;
        }
        // end::errors[]
        return "sent";
    }
}
