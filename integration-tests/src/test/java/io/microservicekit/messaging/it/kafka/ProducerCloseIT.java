package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.scenario.KafkaUnderTest;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Must-hold 7 on a real broker: sixteen threads send while the producer closes. */
@ExtendWith(KafkaServerExtension.class)
class ProducerCloseIT {
    private static final String TOPIC = "producer-close";
    private static final String WARM = "producer-close-warm";
    private static final int ROUNDS = 10;
    private static final int THREADS = 16;
    private static final int SENDS = 60;

    private final KafkaUnderTest backend;
    private int delivered;
    private int closed;

    ProducerCloseIT(KafkaServer server) {
        this.backend = new KafkaUnderTest(server);
    }

    @AfterEach
    void end() {
        backend.close();
    }

    @Test
    void eachSendThatRacesACloseEndsOnceAndWhatWasConfirmedIsThere() throws Exception {
        backend.createTopic(WARM, 1);
        backend.createTopic(TOPIC, 3);
        for (int round = 0; round < ROUNDS; round++) {
            race(round);
        }
        System.out.println(delivered + " delivered, " + closed + " refused as closed");
        assertThat(delivered).as("delivered; else this did not test").isGreaterThanOrEqualTo(100);
        assertThat(closed).as("refused; else this did not test").isGreaterThanOrEqualTo(100);
        assertThat(delivered + closed).isEqualTo(ROUNDS * THREADS * SENDS);
        assertThat(backend.messages(TOPIC))
                .as("what was not delivered is not there")
                .hasSize(delivered);
    }

    private void race(int round) throws Exception {
        String clientId = "close-" + round;
        try (MessagingClient client = MessagingClients.builder()
                .backend(backend.options())
                .clientId(clientId)
                .build()) {
            MessageProducer producer = client.producer();
            producer.send(Message.builder(WARM).build());
            CountDownLatch sending = new CountDownLatch(1 + THREADS * SENDS * round / (2 * ROUNDS));
            List<CompletableFuture<List<CompletableFuture<SendResult>>>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                CompletableFuture<List<CompletableFuture<SendResult>>> sent = new CompletableFuture<>();
                threads.add(sent);
                new Thread(() -> sent.complete(send(producer, sending))).start();
            }
            assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();
            producer.close();
            for (CompletableFuture<List<CompletableFuture<SendResult>>> thread : threads) {
                for (CompletableFuture<SendResult> send : thread.get(30, TimeUnit.SECONDS)) {
                    count(send);
                }
            }
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.contains(clientId)));
    }

    private static List<CompletableFuture<SendResult>> send(MessageProducer producer, CountDownLatch sending) {
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (int i = 0; i < SENDS; i++) {
            sent.add(producer.sendAsync(message()));
            sending.countDown();
        }
        return sent;
    }

    private static Message message() {
        return Message.builder(TOPIC).valueText("value").build();
    }

    private void count(CompletableFuture<SendResult> send) throws Exception {
        try {
            send.get(5, TimeUnit.SECONDS);
            delivered++;
        } catch (ExecutionException e) {
            assertThat(MessagingException.is(e, ErrorCode.PRODUCER_CLOSED))
                    .as(String.valueOf(e))
                    .isTrue();
            closed++;
        }
    }
}
