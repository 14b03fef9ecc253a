package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.BatchSendException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sixteen threads send in all ways, with and without room, while their producer or their client is closed. */
public abstract class ProducerCloseScenario {
    private static final int THREADS = 16;
    private static final int ENOUGH = 100;
    private static final int FORCED_EACH = 3;
    private static final String DELIVERED = "delivered";

    private final BackendUnderTest backend;
    private final int rounds;
    private final int sends;
    private final String topic = "closing-" + UUID.randomUUID().toString().substring(0, 8);
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    /** What was told of each message, by its value. */
    private final Map<String, SendOutcome> told = new HashMap<>();

    private final Map<String, Integer> ends = new TreeMap<>();

    /** Closes so many times, and half as often by a deadline that is over at once; each thread has so many sends to begin without waiting. */
    protected ProducerCloseScenario(BackendUnderTest backend, int closes, int sends) {
        this.backend = backend;
        this.rounds = closes * FORCED_EACH / (FORCED_EACH - 1);
        this.sends = sends;
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
        backend.close();
    }

    @Fault("F25")
    @Test
    void eachSendThatRacesACloseEndsOnceAsItIsToldAndNoThreadOfOursSurvives() throws Exception {
        backend.createTopic(topic, 1);
        backend.provision(topic, topic);
        for (int round = 0; round < rounds; round++) {
            race(round);
        }
        System.out.println("sends beside " + rounds + " closes on " + backend + ": " + ends);
        assertThat(ends.keySet())
                .isSubsetOf(DELIVERED, "PRODUCER_CLOSED", "CLIENT_CLOSED", "SEND_MESSAGE", "SEND_QUEUE_FULL");
        assertThat(ends.get(DELIVERED)).as("else this did not test").isGreaterThanOrEqualTo(ENOUGH);
        assertThat(ends.get("PRODUCER_CLOSED")).as("else this did not test").isGreaterThanOrEqualTo(ENOUGH);
        assertThat(told).hasSize(rounds * (1 + THREADS * (sends + 3)));
        agreesWithWhatIsStored();
    }

    private void agreesWithWhatIsStored() {
        List<String> stored =
                backend.messages(topic).stream().map(Message::valueText).toList();
        Set<String> there = new HashSet<>(stored);
        assertThat(stored).as("stored twice").hasSize(there.size());
        told.forEach((value, outcome) -> {
            if (outcome != SendOutcome.UNKNOWN) {
                assertThat(there.contains(value))
                        .as("%s told of %s", outcome, value)
                        .isEqualTo(outcome == SendOutcome.DELIVERED);
            }
        });
    }

    private void race(int round) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        String clientId = topic + "-" + round;
        try (MessagingClient client = MessagingClients.builder()
                .backend(backend.options())
                .clientId(clientId)
                .build()) {
            MessageProducer producer = client.producer(ProducerOptions.builder()
                    .maxInFlight(round % 4 < 2 ? 2 : 1_000)
                    .build());
            End warm = new Sender(producer, round + "/warm").send();
            assertThat(warm.how()).isEqualTo(DELIVERED);
            told.put(warm.value(), warm.outcome());
            List<Future<List<End>>> senders = start(round, producer, client);
            for (Future<List<End>> sender : senders) {
                for (End end : sender.get(60, TimeUnit.SECONDS)) {
                    count(end);
                    assertThat(!isForced(round) && end.outcome() == SendOutcome.UNKNOWN)
                            .as("a close without a deadline waits for all that is under way, %s", end)
                            .isFalse();
                }
            }
        }
        await("no thread of the client")
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(bornSince(before))
                        .filteredOn(thread -> thread.contains(clientId) || thread.startsWith("AMQP Connection"))
                        .isEmpty());
    }

    private static List<String> bornSince(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .toList();
    }

    /** Starts the senders, and closes when some of their sends have begun; each time a little later. */
    private List<Future<List<End>>> start(int round, MessageProducer producer, MessagingClient client)
            throws Exception {
        CountDownLatch begun = new CountDownLatch(1 + THREADS * sends * round / (2 * rounds));
        List<Future<List<End>>> senders = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Sender sender = new Sender(producer, round + "/" + thread);
            senders.add(threads.submit(() -> sender.sendAll(sends, begun)));
        }
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        if (isForced(round)) {
            client.shutdown(Duration.ofMillis(round % 4));
        } else if (round % FORCED_EACH == 0) {
            producer.close();
        } else {
            client.close();
        }
        return senders;
    }

    /** Whether a deadline ends what is under way; else it is waited for. */
    private static boolean isForced(int round) {
        return round % FORCED_EACH == FORCED_EACH - 1;
    }

    private void count(End end) {
        SendOutcome other = told.put(end.value(), end.outcome());
        assertThat(other).as("told before of %s", end.value()).isNull();
        ends.merge(end.how(), 1, Integer::sum);
    }

    /** How one send ended. */
    private record End(String value, String how, SendOutcome outcome, String text) {
        static End of(Message message, @Nullable Throwable error) {
            String value = String.valueOf(message.valueText());
            if (error == null) {
                return new End(value, DELIVERED, SendOutcome.DELIVERED, "");
            }
            ErrorCode code = ((MessagingException) error).code();
            SendOutcome outcome = error instanceof SendException tried ? tried.outcome() : SendOutcome.NOT_DELIVERED;
            return new End(value, code.name(), outcome, String.valueOf(error));
        }
    }

    /** What one thread sends: without waiting, waiting, and as a batch. */
    private final class Sender {
        private final MessageProducer producer;
        private final String name;
        private int number;

        Sender(MessageProducer producer, String name) {
            this.producer = producer;
            this.name = name;
        }

        List<End> sendAll(int count, CountDownLatch begun) throws Exception {
            List<CompletableFuture<End>> open = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Message message = next();
                open.add(producer.sendAsync(message).handle((result, error) -> End.of(message, error)));
                begun.countDown();
            }
            List<End> all = new ArrayList<>();
            all.add(send());
            all.addAll(sendBatch());
            for (CompletableFuture<End> end : open) {
                all.add(end.get(60, TimeUnit.SECONDS));
            }
            return all;
        }

        End send() {
            Message message = next();
            try {
                producer.send(message);
                return End.of(message, null);
            } catch (MessagingException e) {
                return End.of(message, e);
            }
        }

        private List<End> sendBatch() {
            List<Message> batch = List.of(next(), next());
            try {
                return ends(batch, producer.sendBatch(batch));
            } catch (BatchSendException e) {
                return ends(batch, e.result());
            } catch (MessagingException e) {
                return batch.stream().map(message -> End.of(message, e)).toList();
            }
        }

        private static List<End> ends(List<Message> batch, BatchResult result) {
            return result.entries().stream()
                    .map(entry -> End.of(batch.get(entry.index()), entry.error()))
                    .toList();
        }

        private Message next() {
            return Message.builder(topic).valueText(name + "/" + number++).build();
        }
    }
}
