package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users commit is at the broker when the commit returns, and nothing above an uncommitted message ever is. */
public abstract class ManualCommitScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** To ask an operator takes its time. */
    private static final int ASKED_OF_A_QUEUE = 7;

    private static final Duration THREE_INTERVALS = Duration.ofMillis(3_500);

    private final BackendUnderTest backend;
    private final ConcurrentLinkedQueue<ReceivedMessage> received = new ConcurrentLinkedQueue<>();

    protected ManualCommitScenario(BackendUnderTest backend) {
        this.backend = backend;
    }

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    private MessagingClient client() {
        return MessagingClients.builder().backend(backend.options()).build();
    }

    private static MessageConsumer manual(MessagingClient client, String group) {
        return client.consumer(
                group, ConsumerOptions.builder().ackMode(AckMode.MANUAL).build());
    }

    private static void subscribe(MessageConsumer consumer, String topic, MessageHandler handler) {
        consumer.subscribe(topic, handler).awaitReady(PATIENCE);
    }

    private static void send(MessageProducer producer, String topic, int from, int to) {
        for (int i = from; i < to; i++) {
            producer.send(Message.builder(topic)
                    .keyText("key-" + i)
                    .valueText(Integer.toString(i))
                    .build());
        }
    }

    private List<ReceivedMessage> await(int count) {
        Awaitility.await("messages received: " + count).atMost(PATIENCE).until(() -> received.size() >= count);
        return new ArrayList<>(received);
    }

    private long committed(String group, String topic, int sent) {
        return backend.acknowledged(group, topic, sent);
    }

    /** At once where the broker answers a commit; an operator sees of a queue only later what it has taken ({@code CommitOnFrozenNodeFaultIT} sees that a commit waits). */
    private void assertCommitted(String group, String topic, int sent, int expected) {
        if (backend.hasPositions()) {
            assertThat(committed(group, topic, sent))
                    .as("committed right after the commit")
                    .isEqualTo(expected);
        } else {
            Awaitility.await("acknowledged: " + expected)
                    .atMost(PATIENCE)
                    .until(() -> committed(group, topic, sent) == expected);
        }
    }

    @Test
    void aCommitReturnsWhenTheBrokerHasItAndDoesNotWaitForTheInterval(@TempDir Path dir) throws Exception {
        try (Run run = Run.in(dir);
                MessagingClient client = client()) {
            String topic = run.name("manual");
            String group = run.name("prompt");
            backend.createTopic(topic, 1);
            MessageConsumer consumer = manual(client, group);
            subscribe(consumer, topic, received::add);
            send(client.producer(), topic, 0, 20);
            long spent = 0;
            int committed = 0;
            for (ReceivedMessage message : await(20)) {
                long begin = System.nanoTime();
                consumer.commit(message);
                spent += System.nanoTime() - begin;
                committed++;
                if (backend.hasPositions() || committed % ASKED_OF_A_QUEUE == 0) {
                    assertCommitted(group, topic, 20, committed);
                }
            }
            System.out.printf("manual commits on %s: 20 in %d ms%n", backend, spent / 1_000_000);
            assertThat(Duration.ofNanos(spent)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void whatIsCommittedAboveAnUncommittedMessageWaitsForItAndComesAgainWithoutIt(@TempDir Path dir) throws Exception {
        try (Run run = Run.in(dir)) {
            String topic = run.name("manual");
            String group = run.name("order");
            backend.createTopic(topic, 1);
            ReceivedMessage uncommitted;
            try (MessagingClient client = client()) {
                MessageConsumer consumer = manual(client, group);
                subscribe(consumer, topic, received::add);
                send(client.producer(), topic, 0, 6);
                List<ReceivedMessage> messages = await(6);
                for (int number : new int[] {3, 1, 2, 0, 5}) {
                    consumer.commit(messages.get(number));
                }
                Awaitility.await("committed below the lowest uncommitted")
                        .during(THREE_INTERVALS)
                        .atMost(PATIENCE)
                        .until(() -> committed(group, topic, 6) == (backend.hasPositions() ? 4 : 5));
                uncommitted = messages.get(4);
                client.shutdown(Duration.ZERO);
                ConsumeException refused =
                        catchThrowableOfType(ConsumeException.class, () -> consumer.commit(uncommitted));
                assertThat(refused.code()).isEqualTo(ErrorCode.NO_ACTIVE_SESSION);
            }
            received.clear();
            // A queue forgets each message on its own.
            List<String> expected = backend.hasPositions() ? List.of("4", "5") : List.of("4");
            try (MessagingClient client = client()) {
                MessageConsumer consumer = manual(client, group);
                subscribe(consumer, topic, received::add);
                List<ReceivedMessage> again = await(expected.size());
                assertThat(again).extracting(ReceivedMessage::valueText).containsExactlyElementsOf(expected);
                assertThat(catchThrowableOfType(ConsumeException.class, () -> consumer.commit(uncommitted))
                                .code())
                        .isEqualTo(ErrorCode.NO_ACTIVE_SESSION);
                if (backend.hasPositions()) {
                    consumer.commit(again.get(1));
                    assertThat(committed(group, topic, 6)).isEqualTo(4);
                }
                consumer.commit(again.get(0));
                assertCommitted(group, topic, 6, 6);
            }
        }
    }

    @Test
    void handlersThatCommitLoseNothingWhenAnotherMemberJoins(@TempDir Path dir) throws Exception {
        try (Run run = Run.in(dir);
                MessagingClient first = client();
                MessagingClient second = client()) {
            String topic = run.name("manual");
            String group = run.name("join");
            backend.createTopic(topic, 4);
            Set<String> handled = ConcurrentHashMap.newKeySet();
            for (MessagingClient client : List.of(first, second)) {
                MessageConsumer consumer = manual(client, group);
                subscribe(consumer, topic, message -> commit(consumer, message, handled));
                int from = client == first ? 0 : 200;
                send(first.producer(), topic, from, from + 200);
            }
            Awaitility.await("all committed").atMost(PATIENCE).until(() -> backend.isDrained(group, topic));
            if (backend.hasPositions()) {
                assertThat(backend.committed(group, topic)).isEqualTo(backend.endOffsets(topic));
            }
            assertThat(handled).hasSize(400);
        }
    }

    private static void commit(MessageConsumer consumer, ReceivedMessage message, Set<String> handled) {
        handled.add(String.valueOf(message.valueText()));
        try {
            consumer.commit(message);
        } catch (ConsumeException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.NO_ACTIVE_SESSION); // it comes again
        }
    }
}
