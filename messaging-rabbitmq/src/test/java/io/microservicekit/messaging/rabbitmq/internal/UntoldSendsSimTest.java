package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionEvents;
import io.microservicekit.messaging.rabbitmq.internal.shared.PendingSend;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An Error that is thrown while sends are told their outcomes costs no other send anything, in virtual time. */
class UntoldSendsSimTest extends SimulatedProducers {
    private static final Closure CLOSED = new Closure(Closure.Kind.BROKER, 541, "INTERNAL_ERROR", false, null);

    private final PublishLane lane = new PublishLane(
            supervisor,
            runtime,
            new PublishOutcomes(UnroutablePolicy.FAIL, System.getLogger("silent")),
            new PublishLane.Kind(true, true, Preparation.nothing(runtime)),
            () -> {});

    private final ConnectionEvents untold = new ConnectionEvents() {
        @Override
        public void closed(Closure closure) {}

        @Override
        public void blocked(String reason) {}

        @Override
        public void unblocked() {}
    };

    /** As when there is no memory left. */
    private static final class Untellable extends CompletableFuture<SendResult> {
        @Override
        public boolean completeExceptionally(Throwable error) {
            throw new InternalError("lack of memory");
        }
    }

    @BeforeEach
    void connect() {
        CompletableFuture<BrokerConnection> connected = broker.connect("lane", untold);
        runtime.advance(Duration.ofMillis(10));
        loop.execute(() -> lane.connected(connected.join()));
        runtime.advance(Duration.ofMillis(10));
    }

    private void send(String topic, CompletableFuture<SendResult> future) {
        long deadline = runtime.nanoTime() + TIMEOUT.toNanos();
        lane.send(new PendingSend("x", message(topic), 0, deadline, future));
    }

    private CompletableFuture<SendResult> send(String topic) {
        CompletableFuture<SendResult> future = new CompletableFuture<>();
        send(topic, future);
        return future;
    }

    private void assertIsWritten(CompletableFuture<SendResult> send) {
        runtime.advance(Duration.ofSeconds(1));
        assertThat(resultOf(send).confirmed()).isTrue();
        assertThat(lane.impediment()).isNull();
    }

    private void assertTheErrorIsSeenWithin(Duration time) {
        assertThatThrownBy(() -> runtime.advance(time)).hasStackTraceContaining("lack of memory");
    }

    @Test
    void inALostChannelKeepsNothingFromItsOutcomeAndTheLaneFromNoChannel() {
        send("silent", new Untellable());
        CompletableFuture<SendResult> other = send("silent");
        runtime.advance(Duration.ofMillis(100));
        present().channels().get(0).end(CLOSED);
        assertTheErrorIsSeenWithin(Duration.ofMillis(100));

        assertEnded(other, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        CompletableFuture<SendResult> next = send("ok");
        runtime.advance(Duration.ofSeconds(1));
        assertThat(resultOf(next).confirmed()).isTrue();
        assertThat(lane.impediment()).isNull();
    }

    @Test
    void whereAChannelCannotBeClosedKeepsTheLaneFromNoOther() {
        CompletableFuture<SendResult> written = send("silent");
        runtime.advance(Duration.ofMillis(100));
        broker.withoutClose = 1;
        present().channels().get(0).end(CLOSED);
        assertTheErrorIsSeenWithin(Duration.ofMillis(100));
        assertEnded(written, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);

        assertIsWritten(send("ok"));
    }

    /** Of a connection that is gone, as far as we know. */
    @Test
    void whereAChannelThatIsNotWantedAnyMoreCannotBeClosedKeepsTheLaneFromNoOther() {
        ScriptedBroker.Connection first = present();
        CompletableFuture<BrokerConnection> second = broker.connect("lane", untold);
        runtime.advance(Duration.ofMillis(10));
        loop.execute(() -> {
            lane.disconnected(ScriptedBroker.cut("reset"));
            lane.connected(first);
            lane.disconnected(ScriptedBroker.cut("reset"));
            broker.withoutClose = 1;
            lane.connected(second.join());
        });
        runtime.advance(Duration.ofMillis(10));
        assertThat(broker.withoutClose).as("did not test: nothing was closed").isZero();

        assertIsWritten(send("ok"));
    }

    @Test
    void atADeadlineKeepsTheOthersFromNoDeadline() {
        send("silent", new Untellable());
        CompletableFuture<SendResult> other = send("silent");
        runtime.advance(Duration.ofSeconds(1));
        CompletableFuture<SendResult> later = send("silent");
        assertTheErrorIsSeenWithin(Duration.ofMillis(1_100));

        assertEnded(other, ErrorCode.TIMEOUT, SendOutcome.UNKNOWN);
        CompletableFuture<SendResult> next = send("silent");
        runtime.advance(TIMEOUT);
        assertEnded(later, ErrorCode.TIMEOUT, SendOutcome.UNKNOWN);
        assertEnded(next, ErrorCode.TIMEOUT, SendOutcome.UNKNOWN);
    }

    @Test
    void ofOneThatWaitsKeepsNoneThatIsWrittenFromItsDeadline() {
        CompletableFuture<SendResult> written = send("silent");
        runtime.settle();
        loop.execute(() -> lane.blocked("low on memory"));
        runtime.settle();
        send("ok", new Untellable());
        CompletableFuture<SendResult> waiting = send("ok");
        assertTheErrorIsSeenWithin(TIMEOUT);

        assertEnded(written, ErrorCode.TIMEOUT, SendOutcome.UNKNOWN);
        assertEnded(waiting, ErrorCode.TIMEOUT, SendOutcome.NOT_DELIVERED);
    }

    @Test
    void atTheLimitOfACloseKeepsItFromNoEnd() {
        loop.execute(() -> lane.blocked("low on memory"));
        runtime.settle();
        send("ok", new Untellable());
        CompletableFuture<SendResult> other = send("ok");
        CompletableFuture<?>[] closed = {new CompletableFuture<>()};
        loop.execute(() -> closed[0] = lane.close(Duration.ofMillis(100)));
        assertTheErrorIsSeenWithin(Duration.ofMillis(200));

        assertEnded(other, ErrorCode.PRODUCER_CLOSED, SendOutcome.NOT_DELIVERED);
        assertThat(closed[0]).isCompleted();
        assertThat(lane.unconfirmed()).isEqualTo(2);
    }

    @Test
    void atTheEndOfAConnectionDoesNotLeaveItsAlarmToTheNext() {
        send("silent", new Untellable());
        CompletableFuture<SendResult> other = send("silent");
        runtime.advance(Duration.ofMillis(100));
        loop.execute(() -> lane.blocked("low on memory"));
        loop.execute(() -> lane.disconnected(ScriptedBroker.cut("reset")));
        assertTheErrorIsSeenWithin(Duration.ofMillis(100));
        assertEnded(other, ErrorCode.SEND_MESSAGE, SendOutcome.UNKNOWN);
        CompletableFuture<SendResult> next = send("ok");

        connect();
        runtime.advance(Duration.ofSeconds(1));

        assertThat(resultOf(next).confirmed()).isTrue();
    }
}
