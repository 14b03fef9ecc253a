package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.shared.PendingSend;
import io.microservicekit.messaging.rabbitmq.internal.shared.SendWindow;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one timer for the deadlines of a window, in virtual time. */
class DeadlinesSimTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(5);
    private final LackingLoop loop = new LackingLoop(runtime.loop("publishing"));
    private final List<PendingSend> expired = new ArrayList<>();
    private final SendWindow window = new SendWindow(this::arm, () -> {});
    private final Deadlines deadlines = new Deadlines(runtime, loop, window, this::sweep);
    private int sweepsThatThrow;

    @AfterEach
    void end() {
        runtime.close();
    }

    private void arm() {
        loop.execute(deadlines::arm);
    }

    private void sweep(long now) {
        if (sweepsThatThrow-- > 0) {
            throw new InternalError("lack of memory");
        }
        expired.addAll(window.expire(now).queued());
    }

    private PendingSend sendDueIn(Duration time) {
        Message message = Message.builder("t").valueText("v").build();
        PendingSend send =
                new PendingSend("", message, 0, runtime.nanoTime() + time.toNanos(), new CompletableFuture<>());
        window.add(send);
        return send;
    }

    @Test
    void eachIsLookedAtAtItsTime() {
        PendingSend late = sendDueIn(SECOND.multipliedBy(2));
        PendingSend early = sendDueIn(SECOND);
        runtime.advance(SECOND.minusMillis(1));
        assertThat(expired).isEmpty();
        runtime.advance(Duration.ofMillis(1));
        assertThat(expired).containsExactly(early);
        runtime.advance(SECOND);
        assertThat(expired).containsExactly(early, late);
    }

    @Test
    void aLookThatFailsIsRepeated() {
        PendingSend send = sendDueIn(SECOND);
        sweepsThatThrow = 1;
        assertThatThrownBy(() -> runtime.advance(SECOND)).hasStackTraceContaining("lack of memory");
        runtime.advance(Duration.ofMillis(10));

        assertThat(expired).containsExactly(send);
    }

    @Test
    void whatKeepsTheTimerFromBeingSetDoesNotKeepTheNextOneFromIt() {
        loop.lacking = true;
        PendingSend first = sendDueIn(SECOND);
        assertThatThrownBy(runtime::settle).hasStackTraceContaining("lack of memory");
        loop.lacking = false;
        PendingSend second = sendDueIn(SECOND.multipliedBy(2));
        runtime.advance(SECOND.multipliedBy(2));

        assertThat(expired).containsExactly(first, second);
    }

    /** Where a timer may lack memory. */
    private static final class LackingLoop implements Loop {
        private final Loop loop;
        private boolean lacking;

        private LackingLoop(Loop loop) {
            this.loop = loop;
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            return loop.schedule(delay, task);
        }

        @Override
        public Timer housekeeping(Duration delay, Runnable task) {
            if (lacking) {
                throw new InternalError("lack of memory");
            }
            return loop.housekeeping(delay, task);
        }

        @Override
        public void close() {
            loop.close();
        }
    }
}
