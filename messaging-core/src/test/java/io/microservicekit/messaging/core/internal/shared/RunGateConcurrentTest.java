package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** The one handler thread of a run and the loop that looks at its calls and interrupts them. */
class RunGateConcurrentTest {
    private static final int ENOUGH = 200;

    private final AtomicBoolean enough = new AtomicBoolean();
    private final List<Integer> seen = new ArrayList<>();

    /** A handler thread that makes calls until there were enough, each beginning at ten times its index. */
    private Thread handlerOf(RunGate gate, IntConsumer afterwards) {
        Thread handler = new Thread(() -> {
            gate.enter();
            for (int call = 0; !enough.get(); call++) {
                gate.begun(call * 10L);
                for (int i = 0; i < 100; i++) {
                    Thread.onSpinWait();
                }
                gate.ended();
                afterwards.accept(call);
                gate.progress(call + 1);
            }
        });
        handler.start();
        return handler;
    }

    @Test
    void anInterruptIsSeenInTheCallItWasMeantForAndInNoOther() throws InterruptedException {
        RunGate gate = new RunGate(true);
        Thread handler = handlerOf(gate, call -> {
            if (Thread.interrupted()) {
                seen.add(call);
            }
        });
        List<Integer> sent = new ArrayList<>();
        int last = -1;
        while (sent.size() < ENOUGH) {
            int call = gate.completed();
            if (call != last && gate.interrupt(call)) {
                sent.add(call);
                last = call;
            }
        }
        enough.set(true);
        handler.join();

        assertThat(seen).isEqualTo(sent);
    }

    @Test
    void theBeginningThatIsReadIsThatOfTheCallThatWasAskedFor() throws InterruptedException {
        RunGate gate = new RunGate();
        Thread handler = handlerOf(gate, call -> {});
        List<Long> wrong = new ArrayList<>();
        int read = 0;
        while (read < 100 * ENOUGH) {
            int call = gate.completed();
            long since = gate.calledSince(call);
            if (since != RunGate.IDLE) {
                read++;
                if (since != call * 10L) {
                    wrong.add(since);
                }
            }
        }
        enough.set(true);
        handler.join();

        assertThat(wrong).isEmpty();
    }

    @Test
    void aGateWhoseCallsAreNotToBeInterruptedNeverInterrupts() {
        RunGate gate = new RunGate();
        gate.enter();
        gate.begun(1);

        assertThat(gate.interrupt(0)).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
