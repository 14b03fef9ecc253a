package io.microservicekit.messaging.kafka.internal.shared;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** A close reads how many sends are without confirmation while the driver ends them. */
public class InFlightSendsModelTest {
    private final InFlightSends sends = new InFlightSends();
    private final Queue<CompletableFuture<SendResult>> futures = new ConcurrentLinkedQueue<>();

    @Operation
    public void taken() {
        PendingSend send = send();
        sends.taken(send);
        if (sends.isGivenUp()) {
            end(send);
        }
    }

    @Operation
    public void confirmed() {
        // A number that nobody has: only the count is looked at.
        sends.confirmed(0);
    }

    @Operation
    public void giveUp() {
        sends.giveUp().forEach(InFlightSendsModelTest::end);
    }

    /** After all threads have come to their end. */
    @Validate
    public void eachSendEndsOnceTheyAreGivenUp() {
        if (sends.isGivenUp() && !futures.stream().allMatch(CompletableFuture::isDone)) {
            throw new IllegalStateException("a send without an outcome was neither given up nor told so");
        }
    }

    @Operation
    public long unconfirmed() {
        return sends.unconfirmed();
    }

    private PendingSend send() {
        CompletableFuture<SendResult> future = new CompletableFuture<>();
        futures.add(future);
        Message message = Message.builder("topic").valueText("value").build();
        return new PendingSend(message, 0, Duration.ofSeconds(1), 0, future);
    }

    private static void end(PendingSend send) {
        send.delivered(new SendResult("topic", 0, 0, 0, true, true));
    }

    @Test
    void eachSendIsCountedFromTakenToEnded() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(4)
                .invocationsPerIteration(150)
                .check(InFlightSendsModelTest.class);
    }
}
