package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A sweep of {@link InFlightSends} ends what is overdue while threads send, and while the driver answers all the same. */
public class OverdueSendsModelTest {
    private final InFlightSends sends = new InFlightSends();
    private final Queue<CompletableFuture<SendResult>> futures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger outcomes = new AtomicInteger();

    @Operation
    public void taken() {
        CompletableFuture<SendResult> future = new CompletableFuture<>();
        futures.add(future);
        Message message = Message.builder("topic").valueText("value").build();
        long number = sends.taken(new PendingSend(message, 0, Duration.ofSeconds(1), 0, future));
        var unused = future.whenComplete((result, error) -> {
            outcomes.incrementAndGet();
            sends.confirmed(number);
        });
    }

    @Operation
    public void answered() {
        futures.forEach(future -> future.complete(confirmation()));
    }

    @Operation
    public void sweep() {
        sends.matching(send -> send.remainingNanos(0) <= 0).forEach(send -> send.delivered(confirmation()));
    }

    /** After all threads have come to their end. */
    @Validate
    public void eachOutcomeIsCountedOffOnceAndWhatHasNoneIsFound() {
        long without = futures.stream().filter(future -> !future.isDone()).count();
        if (sends.unconfirmed() != without
                || sends.matching(send -> true).size() != without
                || outcomes.get() != futures.size() - without) {
            throw new IllegalStateException("a send was counted off not at all or twice, or is lost to the sweep");
        }
    }

    private static SendResult confirmation() {
        return new SendResult("topic", 0, 0, 0, true, true);
    }

    @Test
    @Tag("long-model")
    void eachSendIsEndedOnceByTheSweepOrTheDriver() {
        ModelCheckingOptions model = new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(4)
                .invocationsPerIteration(150);
        assertThatCode(() -> model.check(OverdueSendsModelTest.class)).doesNotThrowAnyException();
    }
}
