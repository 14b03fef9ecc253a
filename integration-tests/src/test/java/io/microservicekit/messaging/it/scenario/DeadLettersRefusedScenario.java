package io.microservicekit.messaging.it.scenario;

import static io.microservicekit.messaging.it.scenario.Work.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.HealthStatus;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.observe.DeadLetterFailed;
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
import io.microservicekit.messaging.it.accounting.SpoiledBodyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dead letter that cannot be written acknowledges nothing, whatever the time that takes. */
public abstract class DeadLettersRefusedScenario {
    private static final String REFUSED = "dead-letters-refused";
    private static final int PARTITIONS = 3;
    private static final int KEYS = 60;
    private static final int MESSAGES = 600;
    private static final int EACH_POISONED = 300;

    private final AtomicInteger refusals = new AtomicInteger();

    /** The broker. */
    protected abstract BackendUnderTest backend();

    /** Creates the dead-letter topic. */
    protected abstract void createDeadLetterTopic(String name) throws Exception;

    /** From now on the topic takes no message. */
    protected abstract void refuse(String deadLetterTopic) throws Exception;

    /** From now on the topic takes messages again; returns when an independent client has seen it. */
    protected abstract void accept(String deadLetterTopic) throws Exception;

    /** How long the topic refuses. */
    protected abstract Duration refusal();

    @Fault("F12")
    @Test
    void whileTheDeadLetterTopicRefusesWritesTheSourceIsNotAcknowledgedAndOtherPartitionsFlow(@TempDir Path dir)
            throws Exception {
        try (Run run = Run.in(dir)) {
            Work work = Work.on(backend(), run, "refused", PARTITIONS);
            String deadLetters = run.name("dead-letters");
            createDeadLetterTopic(deadLetters);
            try (MessagingClient client = open(work, deadLetters)) {
                work.begin(REFUSED);
                refuse(deadLetters);
                new LedgeredSender(run, client.producer(), work.topic()).sendAll(MESSAGES, KEYS);
                isHeld(work, deadLetters);
                assertThat(client.health().progress().status()).isEqualTo(HealthStatus.DEGRADED);
                assertThat(client.health().reasons()).anyMatch(reason -> reason.contains(deadLetters));
                accept(deadLetters);
                work.end(REFUSED);
                work.awaitDrained();
                await("health as before")
                        .atMost(PATIENCE)
                        .until(() -> client.health().status() == HealthStatus.UP);
            }
            judge(work, deadLetters);
        }
    }

    private MessagingClient open(Work work, String deadLetters) {
        MessagingClient client = MessagingClients.builder()
                .backend(backend().options())
                .observer(new Watching(work))
                .build();
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(1, Duration.ofMillis(100)))
                .deadLetterQueue(deadLetters)
                .build();
        LedgeredHandler handler = work.handler("consumer", message -> fail(work, message));
        client.consumer(work.group(), options).subscribe(work.topic(), handler).awaitReady(PATIENCE);
        return client;
    }

    private static void fail(Work work, ReceivedMessage message) throws SpoiledBodyException {
        if (isPoison(id(work, message.message()))) {
            throw new IllegalStateException("no stock");
        }
    }

    private static boolean isPoison(MessageId id) {
        return id.seq() % EACH_POISONED == 0;
    }

    private static MessageId id(Work work, Message message) throws SpoiledBodyException {
        return Body.decode(Objects.requireNonNull(message.value()), work.run().id(), work.topic())
                .id();
    }

    /** The partition of the poison stands still at it, with all attempts used up; the others are consumed to their ends. */
    private void isHeld(Work work, String deadLetters) {
        if (!backend().hasPositions()) {
            holdsAll(work);
            return;
        }
        int held = poisonedPartition(work);
        await("the others consumed and a dead letter refused")
                .atMost(PATIENCE)
                .failFast("the source acknowledged", () -> isAcknowledged(work, held))
                .until(() -> refusals.get() > 0 && othersAreConsumed(work, held));
        await("the source not acknowledged")
                .atMost(PATIENCE)
                .during(refusal())
                .failFast("the source acknowledged", () -> isAcknowledged(work, held))
                .until(() -> true);
        assertThat(backend().isEmpty(deadLetters)).isTrue();
    }

    /** A queue is one lane, and its first message is poison. */
    private void holdsAll(Work work) {
        await("a dead letter refused").atMost(PATIENCE).until(() -> refusals.get() > 0);
        await("the source not acknowledged")
                .atMost(PATIENCE)
                .during(refusal())
                .until(() -> backend().unfinished(work.group(), work.topic()) == MESSAGES);
    }

    private boolean isAcknowledged(Work work, int partition) {
        return backend().committed(work.group(), work.topic()).getOrDefault(partition, 0L) > 0;
    }

    private boolean othersAreConsumed(Work work, int partition) {
        Map<Integer, Long> lag = backend().lag(work.group(), work.topic());
        lag.remove(partition);
        return lag.values().stream().allMatch(rest -> rest == 0);
    }

    private int poisonedPartition(Work work) {
        Map<Integer, Long> ends = backend().endOffsets(work.topic());
        return work.run().history().entries().stream()
                .map(entry -> entry.event())
                .filter(event -> event instanceof Event.Sent sent && sent.position() != null && isPoison(sent.id()))
                .map(event ->
                        Objects.requireNonNull(((Event.Sent) event).position()).partition())
                .filter(ends::containsKey)
                .findFirst()
                .orElseThrow();
    }

    private void judge(Work work, String deadLetters) throws SpoiledBodyException {
        List<MessageId> poison = new ArrayList<>();
        for (int seq = 0; seq < MESSAGES; seq += EACH_POISONED) {
            poison.add(new MessageId(work.topic(), "sender", "key-0", seq));
        }
        List<MessageId> written = new ArrayList<>();
        for (Message each : backend().messages(deadLetters)) {
            written.add(id(work, each));
        }
        Map<String, Long> remaining = backend().end(work.group(), work.topic()).remaining();
        work.run()
                .assertKeeps(
                        work.run().history(),
                        Expectations.builder()
                                .order(Order.PARTITION)
                                .poison(poison, DeadLetterEvidence.AT_CONFIRM)
                                .plans(REFUSED, 1, Bite.ATTEMPT_FAILED)
                                .endsWith(new EndState(remaining, written))
                                .build());
    }

    /** Writes confirmed dead letters into the ledger and counts those that were refused. */
    private final class Watching implements MessagingObserver {
        private final Work work;

        Watching(Work work) {
            this.work = work;
        }

        @Override
        public void deadLettered(DeadLettered event) {
            try {
                ReceivedMessage message = event.message();
                MessageId id = id(work, message.message());
                Event.Handling start = Event.Handling.start(
                        id, message.attempt(), "consumer", message.position().epoch());
                work.run().ledger().append(start.then(HandlerStep.DLQ_OK));
            } catch (SpoiledBodyException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void deadLetterFailed(DeadLetterFailed event) {
            refusals.incrementAndGet();
        }
    }
}
