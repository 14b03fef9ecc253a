package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConfirmRingConcurrentTest {
    private static final int SENDS = 100_000;
    private static final int WALKS = 5_000_000;

    private final ConfirmRing ring = new ConfirmRing();
    private final List<PendingSend> sent = new ArrayList<>();

    @Test
    void underTheLockOfItsOwnerEachSendIsTakenOnceAndInTheOrderOfItsNumberHoweverAnswersComeInBetween()
            throws Exception {
        List<PendingSend> taken = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        Thread writer = new Thread(this::write);
        writer.start();
        while (taken.size() < SENDS) {
            synchronized (ring) {
                // Up to some number that may have been written, with all lower ones.
                ring.take(taken.size() + random.nextInt(1, 300), true, taken);
            }
        }
        writer.join();
        assertThat(taken).containsExactlyElementsOf(sent);
        assertThat(ring.size()).isZero();
    }

    @Test
    @Timeout(60)
    void aWalkCostsWhatIsThereAndNotWhatWasSentMeanwhile() {
        write();
        List<PendingSend> taken = new ArrayList<>();
        for (int number = 1; number <= SENDS; number++) {
            if (number % 50_000 != 1) {
                ring.take(number, false, taken);
            }
        }
        List<PendingSend> seen = new ArrayList<>();
        ring.forEach(seen::add);
        assertThat(seen).containsExactly(sent.get(0), sent.get(50_000));
        // Minutes when each walk looked at all that was sent in between.
        int[] walks = {0};
        for (int i = 0; i < WALKS; i++) {
            ring.forEach(send -> walks[0]++);
        }
        assertThat(walks[0]).isEqualTo(2 * WALKS);
    }

    @Test
    void whatIsThrownWhileSomeAreTakenLeavesAllOfThemThere() {
        write();
        List<PendingSend> lacking = new ArrayList<>() {
            @Override
            public boolean add(PendingSend send) {
                if (size() == 2) {
                    throw new InternalError("lack of memory");
                }
                return super.add(send);
            }
        };
        assertThatThrownBy(() -> ring.take(5, true, lacking)).isInstanceOf(InternalError.class);
        lacking.clear();
        assertThatThrownBy(() -> ring.takeIf(send -> true, lacking)).isInstanceOf(InternalError.class);

        assertThat(ring.size()).isEqualTo(SENDS);
        List<PendingSend> taken = new ArrayList<>();
        ring.take(5, true, taken);
        assertThat(taken).containsExactlyElementsOf(sent.subList(0, 5));
    }

    private void write() {
        Message message = Message.builder("t").build();
        for (int number = 1; number <= SENDS; number++) {
            PendingSend send = new PendingSend("", message, 0, 0, new CompletableFuture<>());
            synchronized (ring) {
                sent.add(send);
                ring.put(number, send);
            }
        }
    }
}
