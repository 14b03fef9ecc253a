package io.microservicekit.messaging.it.rabbitmq;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.observe.DeadLettered;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import io.microservicekit.messaging.it.accounting.Bite;
import io.microservicekit.messaging.it.accounting.Body;
import io.microservicekit.messaging.it.accounting.DeadLetterEvidence;
import io.microservicekit.messaging.it.accounting.EndState;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Event.HandlerStep;
import io.microservicekit.messaging.it.accounting.Expectations;
import io.microservicekit.messaging.it.accounting.MessageId;
import io.microservicekit.messaging.it.accounting.Order;
import io.microservicekit.messaging.it.accounting.Report;
import io.microservicekit.messaging.it.accounting.SpoiledBodyException;
import io.microservicekit.messaging.it.scenario.CommitSampler;
import io.microservicekit.messaging.it.scenario.FaultNode;
import io.microservicekit.messaging.it.scenario.LedgeredSender;
import io.microservicekit.messaging.it.scenario.RabbitMqUnderTest;
import io.microservicekit.messaging.it.scenario.Run;
import io.microservicekit.messaging.it.scenario.Work;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A dead letter cannot be written for longer than the broker lets a consumer hold a message. */
@Fault("F12")
@ExtendWith(FaultNode.class)
class HeldDeadLettersFaultIT {
    private static final String ABSENT = "dead-letter-queue-absent";
    private static final int MESSAGES = 200;
    private static final int POISONED = 10;
    private static final int PER_SECOND = 100;
    private static final int PREFETCH = 10;

    private final RabbitMqServer server;

    HeldDeadLettersFaultIT(RabbitMqServer server) {
        this.server = server;
    }

    /** Channels that are opened from now on have this limit. */
    private void consumerTimeout(String millis) {
        server.operator().evaluate("application:set_env(rabbit, consumer_timeout, " + millis + ").");
    }

    @AfterEach
    void forgetTheConsumerTimeout() {
        consumerTimeout("1800000");
    }

    @Test
    void nothingIsLostAndOrderHoldsWhileTheDeadLetterQueueIsAbsentBeyondTheConsumerTimeout(@TempDir Path dir)
            throws Exception {
        Times times = new Times(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(8), 20);
        try (Case keys = new Case(dir, RabbitMqUnderTest.classic(server), OrderingMode.KEY, times);
                Case line = new Case(dir, RabbitMqUnderTest.quorum(server), OrderingMode.PARTITION, times)) {
            absent(times, List.of(keys, line));
        }
    }

    @Test
    @Tag("long-faults-rabbitmq")
    void nothingIsLostAndOrderHoldsWhileTheDeadLetterQueueIsAbsentForFiveMinutes(@TempDir Path dir) throws Exception {
        Times times = new Times(Duration.ofMinutes(1), Duration.ofSeconds(25), Duration.ofMinutes(5), 100);
        RabbitMqUnderTest classic = RabbitMqUnderTest.classic(server);
        RabbitMqUnderTest quorum = RabbitMqUnderTest.quorum(server);
        try (Case classicKeys = new Case(dir, classic, OrderingMode.KEY, times);
                Case quorumKeys = new Case(dir, quorum, OrderingMode.KEY, times.fewOfEachKey());
                Case classicLine = new Case(dir, classic, OrderingMode.PARTITION, times);
                Case quorumLine = new Case(dir, quorum, OrderingMode.PARTITION, times)) {
            absent(times, List.of(classicKeys, quorumKeys, classicLine, quorumLine));
        }
    }

    /**
     * How long everything lasts.
     *
     * @param keys how many keys take turns; poison is all of one, of which more come than the window of unacknowledged messages has room for
     */
    private record Times(Duration consumerTimeout, Duration holdLimit, Duration absence, int keys) {
        /** The first poison; each third message of its key is. */
        int firstPoison() {
            return keys + keys / 2;
        }

        /** A quorum queue has but one consumer, whose window must have room for those of the held key. */
        Times fewOfEachKey() {
            return new Times(consumerTimeout, holdLimit, absence, 20 * keys);
        }

        int eachPoisoned() {
            return 3 * keys;
        }
    }

    private void absent(Times times, List<Case> cases) throws Exception {
        consumerTimeout(String.valueOf(times.consumerTimeout().toMillis()));
        cases.forEach(Case::begin);
        sending(cases, () -> theBrokerEndsWhoHoldsAMessage(times.absence()));
        cases.forEach(Case::isHeld);
        cases.forEach(Case::end);
        for (Case each : cases) {
            each.judge();
        }
    }

    private static void sending(List<Case> cases, CommitSampler.Part part) throws Exception {
        if (cases.isEmpty()) {
            part.run();
        } else {
            List<Case> others = cases.subList(1, cases.size());
            cases.get(0).sender.during(PER_SECOND, cases.get(0).times.keys(), () -> sending(others, part));
        }
    }

    /** Returns after a time in which another consumer, who holds its message all along, was thrown out for it: from its channel, or with 4.3 its queue. */
    private void theBrokerEndsWhoHoldsAMessage(Duration time) throws Exception {
        String queue = "held-by-another-" + System.nanoTime();
        AtomicBoolean cancelled = new AtomicBoolean();
        try (Connection connection = RawRabbitMq.connect(server, "holder")) {
            Channel channel = connection.createChannel();
            // With 4.3 a classic queue lets a message be held for ever.
            RawRabbitMq.declare(channel, queue, "quorum");
            RawRabbitMq.publish(server, queue, List.of("held"));
            channel.basicConsume(queue, false, (tag, delivery) -> {}, tag -> cancelled.set(true));
            await("the time")
                    .pollDelay(time)
                    .atMost(time.plus(PATIENCE))
                    .until(() -> cancelled.get() || !channel.isOpen());
            assertThat(cancelled.get() || channel.getCloseReason().getMessage().contains("timed out"))
                    .as("thrown out because of the time")
                    .isTrue();
        }
    }

    /** One queue with poison of one key in it, whose dead letters have no queue for a while, and one beside it that is well. */
    private static final class Case implements AutoCloseable {
        private final Run run;
        private final RabbitMqUnderTest backend;
        private final OrderingMode ordering;
        private final Times times;
        private final Work poisoned;
        private final Work healthy;
        private final String deadLetters;
        private final MessagingClient client;
        private final LedgeredSender sender;

        Case(Path dir, RabbitMqUnderTest backend, OrderingMode ordering, Times times) throws Exception {
            this.run = Run.in(Files.createTempDirectory(dir, "run"));
            this.backend = backend;
            this.ordering = ordering;
            this.times = times;
            this.poisoned = Work.on(backend, run, "poisoned", 1);
            this.healthy = Work.on(backend, run, "healthy", 1);
            this.deadLetters = run.name("dead-letters");
            List.of(poisoned, healthy).forEach(work -> backend.provision(work.group(), work.topic()));
            backend.declareQueue(deadLetters);
            this.client = MessagingClients.builder()
                    .backend(backend.optionsBuilder()
                            .topology(RabbitMqTopology.PASSIVE)
                            .prefetchCount(PREFETCH)
                            .holdLimit(times.holdLimit())
                            .build())
                    .observer(new Watching())
                    .build();
            this.sender = new LedgeredSender(run, client.producer(), poisoned.topic());
        }

        void begin() {
            ConsumerOptions options = ConsumerOptions.builder()
                    .ordering(ordering)
                    .retry(RetryPolicy.exponential(1, Duration.ofMillis(100)))
                    .deadLetterQueue(deadLetters)
                    .build();
            for (Work work : List.of(poisoned, healthy)) {
                client.consumer(work.group(), options)
                        .subscribe(work.topic(), work.handler(work.group(), this::handle))
                        .awaitReady(PATIENCE);
            }
            poisoned.begin(ABSENT);
            backend.deleteQueue(deadLetters);
            sender.sendAll(MESSAGES, times.keys());
            new LedgeredSender(run, client.producer(), healthy.topic()).sendAll(MESSAGES, times.keys());
        }

        private void handle(ReceivedMessage message) throws SpoiledBodyException {
            if (isPoison(id(message.message()))) {
                throw new IllegalStateException("no stock");
            }
        }

        private boolean isPoison(MessageId id) {
            return id.topic().equals(poisoned.topic()) && poison().contains(id);
        }

        private List<MessageId> poison() {
            return IntStream.range(0, POISONED)
                    .map(each -> times.firstPoison() + each * times.eachPoisoned())
                    .mapToObj(seq -> new MessageId(poisoned.topic(), "sender", "key-" + seq % times.keys(), seq))
                    .toList();
        }

        private MessageId id(Message message) throws SpoiledBodyException {
            return Body.decode(Objects.requireNonNull(message.value()), run.id(), originalTopic(message))
                    .id();
        }

        private String originalTopic(Message message) {
            String origin = message.headers().text("x-original-topic");
            return origin == null ? message.topic() : origin;
        }

        /** What waits for the first dead letter is not acknowledged, everything else is, also what was sent meanwhile; the other queue is consumed. */
        void isHeld() {
            await("the healthy queue consumed").atMost(PATIENCE).until(() -> backend.isEmpty(healthy.group()));
            await("all finished but " + waiting() + " of " + sender.confirmed() + " in " + this)
                    .atMost(PATIENCE)
                    .until(() -> backend.unfinished(poisoned.group(), poisoned.topic()), left -> left == waiting());
            // Between giving the queue back and the next failure there is nothing to tell.
            await("progress DEGRADED, for the dead letters of " + this)
                    .atMost(PATIENCE)
                    .until(
                            () -> client.health().progress(),
                            told -> told.status() == HealthStatus.DEGRADED
                                    && told.reasons().stream().anyMatch(reason -> reason.contains(deadLetters)));
        }

        /** How many messages stand behind the first poison, it included. */
        private long waiting() {
            return LongStream.range(times.firstPoison(), sender.confirmed())
                    .filter(seq -> ordering == OrderingMode.PARTITION
                            || seq % times.keys() == times.firstPoison() % times.keys())
                    .count();
        }

        @Override
        public String toString() {
            return backend + ", ordering " + ordering;
        }

        void end() {
            backend.declareQueue(deadLetters);
            poisoned.end(ABSENT);
        }

        void judge() throws SpoiledBodyException {
            await("all finished").atMost(PATIENCE).until(() -> backend.isDrained(poisoned.group(), poisoned.topic()));
            await("health as before")
                    .atMost(PATIENCE)
                    .until(() -> client.health().status() == HealthStatus.UP);
            client.close();
            System.out.println(this + ": " + Report.of(run.history()).line());
            List<MessageId> written = new ArrayList<>();
            for (Message each : backend.messages(deadLetters)) {
                written.add(id(each));
            }
            run.assertKeeps(
                    run.history(),
                    Expectations.builder()
                            .order(ordering == OrderingMode.KEY ? Order.KEY : Order.PARTITION)
                            .poison(poison(), DeadLetterEvidence.AT_CONFIRM)
                            .plans(ABSENT, 1, Bite.ATTEMPT_FAILED)
                            .plans(ABSENT, 1, Bite.REDELIVERED)
                            .endsWith(new EndState(remaining(), written))
                            .build());
        }

        private Map<String, Long> remaining() {
            return Map.of(
                    poisoned.group(), backend.unfinished(poisoned.group(), poisoned.topic()),
                    healthy.group(), backend.unfinished(healthy.group(), healthy.topic()));
        }

        @Override
        public void close() {
            client.close();
            run.close();
        }

        /** Writes confirmed dead letters into the ledger. */
        private final class Watching implements MessagingObserver {
            @Override
            public void deadLettered(DeadLettered event) {
                try {
                    ReceivedMessage message = event.message();
                    Event.Handling start = Event.Handling.start(
                            id(message.message()),
                            message.attempt(),
                            poisoned.group(),
                            message.position().epoch());
                    run.ledger().append(start.then(HandlerStep.DLQ_OK));
                } catch (SpoiledBodyException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
