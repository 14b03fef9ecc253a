package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.it.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A message that fails is tried again, then dead-lettered, and only then acknowledged. */
public abstract class RetryScenario<B extends BackendUnderTest> {
    private static final String GOOD = "good";
    private static final String POISON = "poison";
    /** A header that tells which of the messages it is, from 0. */
    private static final String NUMBER = "number";

    private static final int SENT = 3;
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    /** The broker. */
    protected final B backend;

    /** The topic that is consumed. */
    protected final String topic = name("orders");
    /** The dead-letter topic, which a test creates. */
    protected final String deadLetters = name("orders-dlq");
    /** The consumer group. */
    protected final String group = name("order-service");

    private final Calls calls = new Calls();
    private MessagingClient client;

    protected RetryScenario(B backend) {
        this.backend = backend;
    }

    /** Lets the dead-letter topic refuse what has no key; called when the consumer is ready. */
    protected abstract void refuse(String deadLetterTopic) throws Exception;

    /** Lets the dead-letter topic take everything again. */
    protected abstract void accept(String deadLetterTopic) throws Exception;

    private static String name(String base) {
        return base + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @BeforeEach
    void open() {
        backend.createTopic(topic, 1);
        client = MessagingClients.builder().backend(backend.options()).build();
    }

    @AfterEach
    void close() {
        client.close();
        backend.close();
    }

    @Fault("F7")
    @Test
    void aFailingMessageIsTriedAgainAfterDoublingWaitsAndThenDeadLetteredWithItsOrigin() {
        backend.createTopic(deadLetters, 2);
        subscribe(calls).awaitReady(PATIENCE);
        send("key", GOOD, POISON, GOOD);

        await("the message behind the poison")
                .atMost(PATIENCE)
                .until(() -> calls.of(2).size() == 1);

        List<Calls.Call> tries = calls.of(1);
        assertThat(tries).extracting(Calls.Call::attempt).containsExactly(1, 2, 3);
        assertThat(tries.get(1).begin() - tries.get(0).end()).isGreaterThanOrEqualTo(FIRST_WAIT.toNanos());
        assertThat(tries.get(2).begin() - tries.get(1).end())
                .isGreaterThanOrEqualTo(FIRST_WAIT.multipliedBy(2).toNanos());
        assertThat(calls.of(2).get(0).begin()).isGreaterThan(tries.get(2).end());
        assertThat(backend.messages(deadLetters))
                .singleElement()
                .satisfies(this::tellsItsOrigin)
                .satisfies(deadLetter -> assertThat(deadLetter.keyText()).isEqualTo("key"));
        await("all committed").atMost(PATIENCE).until(() -> committed() == SENT);
    }

    private void tellsItsOrigin(Message deadLetter) {
        Headers headers = deadLetter.headers();
        assertThat(deadLetter.valueText()).isEqualTo(POISON);
        assertThat(headers.text("tenant")).isEqualTo("blue");
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_TOPIC)).isEqualTo(topic);
        boolean positions = backend.hasPositions();
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_PARTITION)).isEqualTo(positions ? "0" : "-1");
        assertThat(headers.text(DeadLetterHeaders.ORIGINAL_OFFSET)).isEqualTo(positions ? "1" : "-1");
        assertThat(headers.text(DeadLetterHeaders.ERROR_MESSAGE)).isEqualTo("no stock");
        assertThat(headers.text(DeadLetterHeaders.CONSUMER_GROUP)).isEqualTo(group);
    }

    @Fault("F12")
    @Test
    void theSourceIsCommittedOnlyAfterTheDeadLetterIsConfirmed() throws Exception {
        backend.createTopic(deadLetters, 1);
        subscribe(calls).awaitReady(PATIENCE);
        refuse(deadLetters);
        send(null, GOOD, POISON, GOOD);
        await("the retries to be used up")
                .atMost(PATIENCE)
                .until(() -> calls.of(1).size() == 3);

        await("what was handled before the poison is committed")
                .atMost(PATIENCE)
                .until(() -> committed() >= 1);
        await("nothing behind the poison committed over three commit intervals")
                .atMost(PATIENCE)
                .during(COMMIT_INTERVAL.multipliedBy(3))
                .failFast(() -> committed() > 1)
                .until(() -> committed() == 1);
        holdsNothing(deadLetters);
        assertThat(calls.of(2)).as("calls for the message behind").isEmpty();

        accept(deadLetters);
        await("all committed").atMost(PATIENCE).until(() -> committed() == SENT);
        assertThat(backend.messages(deadLetters)).singleElement().satisfies(this::tellsItsOrigin);
        assertThat(calls.of(1)).hasSize(3);
    }

    /** There is no dead letter yet. */
    protected void holdsNothing(String deadLetterTopic) {
        assertThat(backend.isEmpty(deadLetterTopic)).isTrue();
    }

    /** Consumes with two retries and the dead-letter topic. */
    protected final Subscription subscribe(MessageHandler handler) {
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(2, FIRST_WAIT))
                .deadLetterQueue(deadLetters)
                .build();
        return client.consumer(group, options).subscribe(topic, handler);
    }

    private void send(@Nullable String key, String... values) {
        for (int number = 0; number < values.length; number++) {
            SendResult result = client.producer()
                    .send(Message.builder(topic)
                            .key(key == null ? null : key.getBytes(StandardCharsets.UTF_8))
                            .valueText(values[number])
                            .header("tenant", "blue")
                            .header(NUMBER, Integer.toString(number))
                            .build());
            assertThat(result.offset()).isEqualTo(backend.hasPositions() ? number : -1);
        }
    }

    private long committed() {
        return backend.acknowledged(group, topic, SENT);
    }

    /** Remembers its calls, and fails for poison. */
    private static final class Calls implements MessageHandler {
        private final List<Call> ended = new CopyOnWriteArrayList<>();

        /** One call: of what, and from when to when. */
        record Call(int number, int attempt, long begin, long end) {}

        List<Call> of(int number) {
            return ended.stream().filter(call -> call.number() == number).toList();
        }

        @Override
        public void handle(ReceivedMessage message) {
            long begin = System.nanoTime();
            int number = Integer.parseInt(String.valueOf(message.headers().text(NUMBER)));
            ended.add(new Call(number, message.attempt(), begin, System.nanoTime()));
            if (POISON.equals(message.valueText())) {
                throw new IllegalStateException("no stock");
            }
        }
    }
}
