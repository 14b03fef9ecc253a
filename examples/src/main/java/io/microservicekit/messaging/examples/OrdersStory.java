package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.ShutdownReport;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingMetrics;
import java.time.Duration;
import java.util.List;

/** The story of some orders, the same for each broker: handled, failing, retried, dead-lettered, shut down. */
final class OrdersStory {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final DemoBroker broker;
    private final MessageHandler warehouse;
    private final Narrator narrator;
    private final Facts facts = new Facts();
    private final MessagingMetrics metrics = new MessagingMetrics();

    OrdersStory(DemoBroker broker, MessageHandler warehouse, Narrator narrator) {
        this.broker = broker;
        this.warehouse = warehouse;
        this.narrator = narrator;
    }

    /** Tells the story; what it should have been is not known here. */
    Facts tell() throws InterruptedException {
        broker.createTopic(Script.TOPIC, Script.PARTITIONS);
        broker.createTopic(Script.DEAD_LETTERS, 1);
        facts.partitions = broker.hasPartitions() ? Script.PARTITIONS : 1;
        narrator.title("Orders are taken, fail, are retried, and become dead letters");
        ThreadCensus before = new ThreadCensus();
        try (MessagingClient client = open("orders-demo", metrics, new Witness(facts, narrator))) {
            subscribe(client);
            takeOrders(client.producer());
            new Tables(narrator).print(facts);
            shutDownInMidHandler(client);
        }
        countThreads(before);
        succeed();
        return facts;
    }

    private MessagingClient open(String clientId, MessagingObserver... observers) {
        var builder = MessagingClients.builder().clientId(clientId).logger(new NarratingLogger(narrator));
        for (MessagingObserver observer : observers) {
            builder.observer(observer);
        }
        return broker.connect(builder).build();
    }

    private static ConsumerOptions options() {
        return ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(Script.RETRIES, Script.FIRST_WAIT))
                .deadLetterQueue(Script.DEAD_LETTERS)
                .build();
    }

    private void subscribe(MessagingClient client) {
        client.consumer(Script.GROUP, options())
                .subscribe(Script.TOPIC, new TimedHandler(warehouse, facts, narrator))
                .awaitReady(Patience.LIMIT);
        client.consumer(Script.AUDIT_GROUP)
                .subscribe(
                        Script.DEAD_LETTERS,
                        letter -> narrator.say("read back", "dead letter of order " + Order.idOf(letter)))
                .awaitReady(Patience.LIMIT);
        narrator.say("ready", "consumers " + Script.GROUP + " and " + Script.AUDIT_GROUP);
    }

    private void takeOrders(MessageProducer producer) throws InterruptedException {
        Script.OPENING.forEach(order -> send(producer, order));
        Patience.until("every order is handled or dead-lettered", () -> facts.finished() >= Script.OPENING.size());
        Patience.until("every dead letter is read back", () -> facts.deadLetters.size() >= facts.deadLettered.size());
        facts.metrics = metrics.snapshot();
    }

    private void send(MessageProducer producer, Order order) {
        SendResult to = producer.send(order.to(Script.TOPIC));
        facts.sent.put(order.id(), to);
        narrator.say("sent", order + " to " + to.topic() + place(to));
    }

    private static String place(SendResult to) {
        return to.partition() < 0 ? "" : " " + to.partition() + "@" + to.offset();
    }

    private void shutDownInMidHandler(MessagingClient client) throws InterruptedException {
        narrator.title("The client shuts down while an order is being handled and another waits behind it");
        MessageProducer producer = client.producer();
        send(producer, Script.SLOW);
        send(producer, Script.BEHIND);
        Patience.until("the slow order is being handled", () -> facts.begun.contains(Script.SLOW.id()));
        narrator.say("shutdown", "begins with order " + Script.SLOW.id() + " in its handler");
        ShutdownReport report = client.shutdown(DRAIN);
        facts.report = report;
        narrator.say(
                "shutdown",
                "took " + Narrator.seconds(report.elapsed()) + ": drained " + report.drained() + ", returned "
                        + report.returned() + ", abandoned "
                        + report.abandoned().size() + ", unconfirmed sends "
                        + report.unconfirmedSends());
    }

    private void countThreads(ThreadCensus before) throws InterruptedException {
        long patience = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        List<String> survivors = before.newcomers();
        while (!survivors.isEmpty() && System.nanoTime() < patience) {
            Thread.sleep(5);
            survivors = before.newcomers();
        }
        facts.survivors = survivors;
        narrator.say(
                "threads", survivors.isEmpty() ? "all threads of the client are gone" : "still alive: " + survivors);
    }

    /** Another client of the group goes on where the first one ended: what it gets proves what was acknowledged. */
    private void succeed() throws InterruptedException {
        narrator.title("Another client of the group takes over");
        try (MessagingClient client = open("orders-successor")) {
            client.consumer(Script.GROUP)
                    .subscribe(Script.TOPIC, message -> {
                        String id = Order.idOf(message);
                        narrator.say("handled", "order " + id + ", by the successor");
                        facts.handledBySuccessor.add(id);
                    })
                    .awaitReady(Patience.LIMIT);
            Script.CLOSING.forEach(order -> send(client.producer(), order));
            Patience.until(
                    "the successor has handled the last orders",
                    () -> facts.handledBySuccessor.containsAll(
                            Script.CLOSING.stream().map(Order::id).toList()));
        }
    }
}
