package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.OutboundMessage;
import io.microservicekit.messaging.rabbitmq.internal.link.PublishingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.shared.PendingSend;
import io.microservicekit.messaging.rabbitmq.internal.shared.SendWindow;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several that one answer of the broker is for. */
class PublishSessionTest {
    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(3);
    private final SendWindow window = new SendWindow(() -> {}, () -> {});
    private final PublishSession session = new PublishSession(
            1,
            window,
            runtime,
            new PublishOutcomes(UnroutablePolicy.WARN, new ThrowingLogger()),
            (epoch, closure) -> {});
    private long sequence;

    @AfterEach
    void end() {
        runtime.close();
    }

    private void written(CompletableFuture<SendResult> future) {
        Message message = Message.builder("t").valueText("v").build();
        window.open(1, () -> {}, Integer.MAX_VALUE);
        window.add(new PendingSend("x", message, 0, Long.MAX_VALUE, future));
        assertThat(window.next(1, ++sequence, 0)).isNotNull();
    }

    @Test
    void aLoggerThatThrowsKeepsNoneFromItsOutcome() {
        CompletableFuture<SendResult> returned = new CompletableFuture<>();
        CompletableFuture<SendResult> other = new CompletableFuture<>();
        written(returned);
        written(other);
        session.returned(PublishMark.of(1, 1), 312, "NO_ROUTE");

        session.confirmed(2, true);

        assertThat(returned).isCompleted();
        assertThat(returned.join().routed()).isFalse();
        assertThat(other).isCompleted();
    }

    @Test
    void whatIsThrownForOneIsItsOutcomeOnly() {
        CompletableFuture<SendResult> bad = new CompletableFuture<>() {
            @Override
            public boolean complete(SendResult result) {
                throw new InternalError("lack of memory");
            }
        };
        CompletableFuture<SendResult> other = new CompletableFuture<>();
        written(bad);
        written(other);

        session.confirmed(2, true);

        assertThat(other).isCompleted();
        assertThat(bad).isCompletedExceptionally();
        SendException[] error = {null};
        var unused = bad.whenComplete((result, thrown) -> error[0] = (SendException) thrown);
        assertThat(error[0].outcome()).isEqualTo(SendOutcome.UNKNOWN);
    }

    @Test
    void aChannelThatWasGoneBeforeTheWriteEndsWithWhatEndedIt() {
        List<Closure> ends = new ArrayList<>();
        PublishSession session = new PublishSession(
                1,
                window,
                runtime,
                new PublishOutcomes(UnroutablePolicy.WARN, new ThrowingLogger()),
                (epoch, closure) -> ends.add(closure));
        window.open(1, () -> {}, Integer.MAX_VALUE);
        window.add(new PendingSend(
                "x", Message.builder("t").valueText("v").build(), 0, Long.MAX_VALUE, new CompletableFuture<>()));

        session.pump(new GoneChannel());

        assertThat(ends).containsExactly(GoneChannel.WHY);
    }

    private static final class GoneChannel implements PublishingChannel {
        private static final Closure WHY =
                new Closure(Closure.Kind.BROKER, 404, "NOT_FOUND - no exchange 'x'", false, null);

        @Override
        public Executor worker() {
            return Runnable::run;
        }

        @Override
        public long nextSequence() {
            return 1;
        }

        @Override
        public void publish(OutboundMessage message) throws RefusedException {
            throw new RefusedException(WHY);
        }

        @Override
        public void flush() {
            throw new AssertionError("nothing was written");
        }

        @Override
        public CompletableFuture<Void> close(Duration limit) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static final class ThrowingLogger implements System.Logger {
        @Override
        public String getName() {
            return "throwing";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String words, Throwable thrown) {
            throw new IllegalStateException("the disk is full");
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String words, Object... values) {
            throw new IllegalStateException("the disk is full");
        }
    }
}
