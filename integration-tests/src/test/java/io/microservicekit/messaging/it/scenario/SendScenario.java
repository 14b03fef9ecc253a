package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.api.message.SendOutcome.DELIVERED;
import static io.microservicekit.messaging.api.message.SendOutcome.NOT_DELIVERED;
import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.BatchSendException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ProducerHeaders;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only a broker shows of sending: outcomes by index, what is stored, where continuations run. */
public abstract class SendScenario<B extends BackendUnderTest> {
    private static final int BATCH = 20;
    private static final int FIRST_FAILURE = 7;
    private static final int APART = 5;

    protected final B backend;
    private final String topic = unique("sent");
    private final MessagingClient client;

    protected SendScenario(B backend) {
        this.backend = backend;
        this.client = MessagingClients.builder().backend(backend.options()).build();
    }

    @AfterEach
    void end() {
        client.close();
        backend.close();
    }

    /**
     * A message that the broker does not take.
     *
     * @param message the message
     * @param outcome what its sender is told
     * @param code with which code
     */
    public record Failing(Message message, SendOutcome outcome, ErrorCode code) {}

    /** Messages that fail in the different ways of this backend; one of them may be for the topic of those that do not. */
    protected abstract List<Failing> failing(String topic) throws Exception;

    /** How the name of the thread begins on which the driver tells what became of a send. */
    protected abstract String threadOfContinuations(String clientId);

    protected static String unique(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    private void createTopic(int partitions) {
        backend.createTopic(topic, partitions);
        backend.provision(topic, topic);
    }

    private Message message(String value) {
        return Message.builder(topic).keyText("key").valueText(value).build();
    }

    @Test
    void ofABatchEachIndexHasTheOutcomeThatTheBrokerGave() throws Exception {
        createTopic(1);
        List<Failing> failing = failing(topic);
        List<Message> batch = new ArrayList<>();
        List<String> stored = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            if (fails(i, failing)) {
                batch.add(failing.get((i - FIRST_FAILURE) / APART).message());
            } else {
                batch.add(message("m-" + i));
                stored.add("m-" + i);
            }
        }

        BatchSendException error = catchThrowableOfType(
                BatchSendException.class, () -> client.producer().sendBatch(batch, Duration.ofSeconds(8)));

        assertThat(error.outcome()).isNotEqualTo(NOT_DELIVERED);
        for (BatchResult.Entry entry : error.result().entries()) {
            if (fails(entry.index(), failing)) {
                failed(entry, failing.get((entry.index() - FIRST_FAILURE) / APART));
            } else {
                assertThat(entry.outcome()).as("index " + entry.index()).isEqualTo(DELIVERED);
            }
        }
        assertThat(backend.messages(topic)).extracting(Message::valueText).isEqualTo(stored);
    }

    private static boolean fails(int index, List<Failing> failing) {
        int beyond = index - FIRST_FAILURE;
        return beyond >= 0 && beyond % APART == 0 && beyond / APART < failing.size();
    }

    private static void failed(BatchResult.Entry entry, Failing failing) {
        assertThat(entry.outcome()).as("index " + entry.index()).isEqualTo(failing.outcome());
        assertThat(entry.error())
                .isNotNull()
                .satisfies(error -> assertThat(error.code())
                        .as("index " + entry.index() + ": " + error)
                        .isEqualTo(failing.code()));
    }

    @Test
    void nullAndEmptyKeysAndValuesAreStoredAndComeAsTheyAre() {
        createTopic(3);
        List<byte[]> kinds = Arrays.asList(null, new byte[0], new byte[] {1});
        List<Message> batch = new ArrayList<>();
        for (byte[] key : kinds) {
            for (byte[] value : kinds) {
                String number = String.valueOf(batch.size());
                batch.add(Message.builder(topic)
                        .key(key)
                        .value(value)
                        .header("nr", number)
                        .build());
            }
        }

        client.producer().sendBatch(batch);

        areThoseOf(batch, backend.messages(topic));
        Queue<Message> received = new ConcurrentLinkedQueue<>();
        client.consumer(topic, backend.fromTheBeginning().build())
                .subscribe(topic, message -> received.add(message.message()))
                .awaitReady(PATIENCE);
        await("all received").atMost(PATIENCE).until(() -> received.size() >= batch.size());
        areThoseOf(batch, List.copyOf(received));
    }

    private static void areThoseOf(List<Message> batch, List<Message> found) {
        assertThat(found).hasSize(batch.size());
        for (Message message : found) {
            Message sent =
                    batch.get(Integer.parseInt(String.valueOf(message.headers().text("nr"))));
            assertThat(message.key()).as("key of " + sent).isEqualTo(sent.key());
            assertThat(message.value()).as("value of " + sent).isEqualTo(sent.value());
        }
    }

    /** Such a call waited until its timeout, and kept the driver from sending anything meanwhile. */
    @Test
    void aCallThatWaitsInAContinuationOnTheDriversThreadIsRefusedAtOnceAndCloseStartsAndReturns() throws Exception {
        createTopic(1);
        String clientId = unique("client");
        try (MessagingClient own = MessagingClients.builder()
                .backend(backend.options())
                .clientId(clientId)
                .build()) {
            Continuation there = onTheDriversThread(own);

            assertThat(there.thread()).as("else this did not test").startsWith(threadOfContinuations(clientId));
            assertThat(there.send())
                    .isInstanceOfSatisfying(
                            SendException.class,
                            error -> assertThat(error.outcome()).isEqualTo(NOT_DELIVERED))
                    .hasMessageContaining("must not wait");
            assertThat(there.healthCheck())
                    .matches(error -> MessagingException.is(error, ErrorCode.HEALTH_CHECK))
                    .hasMessageContaining("must not wait");
            assertThat(backend.messages(topic)).extracting(Message::valueText).doesNotContain("refused");
            own.producer().send(message("goes on"));
        }
        assertThat(backend.messages(topic))
                .last()
                .extracting(Message::valueText)
                .isEqualTo("goes on");
    }

    /** What became of calls in a continuation of a send. */
    private record Continuation(String thread, Throwable send, Throwable healthCheck) {}

    /** A send that has ended before its continuation is known says nothing: then there is another. */
    private Continuation onTheDriversThread(MessagingClient own) throws Exception {
        Thread here = Thread.currentThread();
        for (int i = 0; i < 1_000; i++) {
            MessageProducer producer = own.producer();
            Continuation found = producer.sendAsync(message("first"))
                    .thenApply(sent -> Thread.currentThread() == here ? null : calls(own, producer))
                    .get(10, TimeUnit.SECONDS);
            if (found != null) {
                return found;
            }
        }
        throw new AssertionError("did not test: each send ended before its continuation was known");
    }

    private Continuation calls(MessagingClient own, MessageProducer producer) {
        Throwable send = catchThrowable(() -> producer.send(message("refused")));
        Throwable healthCheck = catchThrowable(() -> own.healthCheck(Duration.ofSeconds(20)));
        producer.close();
        return new Continuation(Thread.currentThread().getName(), send, healthCheck);
    }

    @Test
    void theIdOfAMessageIsStoredAndComes() {
        createTopic(1);
        CompletableFuture<ReceivedMessage> received = new CompletableFuture<>();
        client.producer(ProducerOptions.builder().messageId(true).build()).send(message("with an id"));
        String id = backend.messages(topic).get(0).headers().text(ProducerHeaders.MESSAGE_ID);
        assertThat(id).matches("[0-9a-f]{32}");
        client.consumer(topic, backend.fromTheBeginning().build())
                .subscribe(topic, received::complete)
                .awaitReady(PATIENCE);
        assertThat(received.orTimeout(60, TimeUnit.SECONDS)
                        .join()
                        .message()
                        .headers()
                        .text(ProducerHeaders.MESSAGE_ID))
                .isEqualTo(id);
    }
}
