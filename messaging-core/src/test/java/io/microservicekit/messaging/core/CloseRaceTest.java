package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.BatchSendException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Real threads send while producer or client closes, with and without room: each send ends exactly once, as delivered or as refused. */
class CloseRaceTest {
    private static final int ROUNDS = 200;
    private static final int THREADS = 16;
    private static final int SENDS = 12;
    private static final Message ORDER = Message.builder("orders").build();

    private final Map<String, Integer> ends = new TreeMap<>();
    private int delivered;

    @Test
    void eachSendThatRacesACloseEndsOnceAndBothOutcomesHappen() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            race(round);
        }
        System.out.println("CloseRaceTest " + ends);
        assertThat(ends.keySet())
                .isSubsetOf("delivered", "PRODUCER_CLOSED", "CLIENT_CLOSED", "SEND_MESSAGE", "SEND_QUEUE_FULL");
        assertThat(ends.get("delivered")).as("else this did not test").isGreaterThanOrEqualTo(100);
        assertThat(ends.get("PRODUCER_CLOSED")).as("else this did not test").isGreaterThanOrEqualTo(100);
        assertThat(ends.values().stream().mapToInt(count -> count).sum()).isEqualTo(ROUNDS * THREADS * (SENDS + 3));
    }

    private void race(int round) throws Exception {
        MemoryBroker broker = MemoryBroker.create();
        String clientId = "racer-" + round;
        MessagingClient client = MessagingClients.builder()
                .backend(broker.options())
                .clientId(clientId)
                .build();
        MessageProducer producer = client.producer(ProducerOptions.builder()
                .maxInFlight(round % 4 == 0 ? 2 : 1_000)
                .build());
        CountDownLatch sending = new CountDownLatch(1 + round % (THREADS * SENDS / 2));
        List<CompletableFuture<List<CompletableFuture<?>>>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            CompletableFuture<List<CompletableFuture<?>>> sent = new CompletableFuture<>();
            threads.add(sent);
            new Thread(() -> sent.complete(send(producer, sending))).start();
        }
        sending.await();
        close(round, client, producer);
        delivered = 0;
        for (CompletableFuture<List<CompletableFuture<?>>> thread : threads) {
            for (CompletableFuture<?> send : thread.get(20, TimeUnit.SECONDS)) {
                count(send);
            }
        }
        client.close();
        // A send whose confirmation was cut off may be there as well.
        assertThat(broker.messages("orders")).hasSizeGreaterThanOrEqualTo(delivered);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith(clientId + "-"));
    }

    private static void close(int round, MessagingClient client, MessageProducer producer) {
        if (round % 2 == 0) {
            producer.close();
        } else {
            client.shutdown(Duration.ofMillis(round % 3));
        }
    }

    private static List<CompletableFuture<?>> send(MessageProducer producer, CountDownLatch sending) {
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = 0; i < SENDS; i++) {
            sent.add(producer.sendAsync(ORDER));
            sending.countDown();
        }
        sent.add(waiting(producer));
        sent.addAll(batch(producer));
        return sent;
    }

    private static CompletableFuture<?> waiting(MessageProducer producer) {
        try {
            return CompletableFuture.completedFuture(producer.send(ORDER));
        } catch (MessagingException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static List<CompletableFuture<?>> batch(MessageProducer producer) {
        List<CompletableFuture<?>> sent = new ArrayList<>();
        try {
            producer.sendBatch(List.of(ORDER, ORDER)).entries().forEach(entry -> sent.add(end(entry)));
        } catch (BatchSendException e) {
            e.result().entries().forEach(entry -> sent.add(end(entry)));
        } catch (MessagingException e) {
            sent.add(CompletableFuture.failedFuture(e));
            sent.add(CompletableFuture.failedFuture(e));
        }
        return sent;
    }

    private static CompletableFuture<?> end(BatchResult.Entry entry) {
        return entry.error() == null
                ? CompletableFuture.completedFuture(entry.result())
                : CompletableFuture.failedFuture(entry.error());
    }

    private void count(CompletableFuture<?> send) throws Exception {
        String end;
        try {
            send.get(2, TimeUnit.SECONDS);
            delivered++;
            end = "delivered";
        } catch (ExecutionException e) {
            ErrorCode code = ((MessagingException) e.getCause()).code();
            end = code.name();
        }
        ends.merge(end, 1, Integer::sum);
    }
}
