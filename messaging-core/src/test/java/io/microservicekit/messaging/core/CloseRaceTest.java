package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.testkit.MemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Real threads send while the client closes: each send ends exactly once, as delivered or as refused. */
class CloseRaceTest {
    private static final int THREADS = 8;
    private static final int SENDS = 20;

    private int delivered;
    private int refused;

    @Test
    void eachSendThatRacesACloseEndsOnceAndBothOutcomesHappen() throws Exception {
        for (int round = 0; round < 150; round++) {
            race(round);
        }
        assertThat(delivered).as("delivered; else this did not test").isGreaterThan(100);
        assertThat(refused).as("refused; else this did not test").isGreaterThan(100);
    }

    private void race(int round) throws Exception {
        MessagingClient client = MessagingClients.builder()
                .backend(MemoryBroker.create().options())
                .build();
        MessageProducer producer = client.producer();
        CountDownLatch sending = new CountDownLatch(1 + round % (THREADS * SENDS / 2));
        List<CompletableFuture<List<CompletableFuture<?>>>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            CompletableFuture<List<CompletableFuture<?>>> sent = new CompletableFuture<>();
            threads.add(sent);
            new Thread(() -> sent.complete(send(producer, sending))).start();
        }
        sending.await();
        client.shutdown(Duration.ofMillis(round % 3));
        for (CompletableFuture<List<CompletableFuture<?>>> thread : threads) {
            for (CompletableFuture<?> send : thread.get(20, TimeUnit.SECONDS)) {
                count(send);
            }
        }
    }

    private static List<CompletableFuture<?>> send(MessageProducer producer, CountDownLatch sending) {
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = 0; i < SENDS; i++) {
            sent.add(producer.sendAsync(Message.builder("orders").build()));
            sending.countDown();
        }
        return sent;
    }

    private void count(CompletableFuture<?> send) throws Exception {
        try {
            send.get(2, TimeUnit.SECONDS);
            delivered++;
        } catch (ExecutionException e) {
            assertThat(MessagingException.is(e, ErrorCode.PRODUCER_CLOSED)
                            || MessagingException.is(e, ErrorCode.CLIENT_CLOSED)
                            || MessagingException.is(e, ErrorCode.SEND_MESSAGE))
                    .isTrue();
            refused++;
        }
    }
}
