package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the shared connection, in virtual time. */
class ConnectionSupervisorSimTest {
    private static final Closure RESET = ScriptedBroker.cut("Connection reset");
    private static final Closure TOO_LARGE = new Closure(
            Closure.Kind.DRIVER, 0, "IllegalStateException: Message body is too large (70), maximum 64", true, null);

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(7);
    private final Loop loop = runtime.loop("supervisor");
    private final ScriptedBroker broker = new ScriptedBroker(runtime, loop);
    private final ConnectionSupervisor supervisor =
            new ConnectionSupervisor(broker, runtime, loop, "orders-consume", System.getLogger("silent"));
    private final User user = new User();

    @AfterEach
    void end() {
        runtime.close();
    }

    /** What a user was told. */
    static final class User implements ConnectionUser {
        final List<String> told = new ArrayList<>();
        MessagingException failure = new MessagingException(ErrorCode.TIMEOUT, "not failed");

        @Override
        public void connected(BrokerConnection connection) {
            told.add("connected");
        }

        @Override
        public void disconnected(Closure closure) {
            told.add("disconnected");
        }

        @Override
        public void blocked(boolean blocked, String reason) {
            told.add(blocked ? "blocked by " + reason : "unblocked");
        }

        @Override
        public void failed(MessagingException cause) {
            told.add("failed");
            failure = cause;
        }
    }

    private void join(ConnectionUser joining) {
        loop.execute(() -> supervisor.join(joining));
        runtime.advance(Duration.ofMillis(10));
    }

    private void end(Closure closure) {
        ScriptedBroker.Connection present = broker.present;
        assertThat(present).isNotNull();
        present.end(closure);
        runtime.settle();
    }

    @Test
    void itConnectsWhenTheFirstUserJoinsAndNotBefore() {
        runtime.advance(Duration.ofMinutes(1));
        assertThat(broker.attempts).isZero();
        assertThat(supervisor.impediment()).contains("not connected yet");

        join(user);

        assertThat(user.told).containsExactly("connected");
        assertThat(supervisor.impediment()).isNull();
    }

    @Test
    void aLostConnectionComesBackByItselfAfterHalfASecond() {
        join(user);
        end(RESET);
        assertThat(supervisor.impediment()).contains("Connection reset");

        runtime.advance(Duration.ofMillis(399));
        assertThat(broker.attempts).isEqualTo(1);
        runtime.advance(Duration.ofMillis(220));

        assertThat(user.told).containsExactly("connected", "disconnected", "connected");
    }

    @Test
    void waitsGrowUpToTenSecondsAndNotBeyond() {
        broker.refuse(RESET, 20);
        join(user);
        runtime.advance(Duration.ofSeconds(14));
        assertThat(broker.attempts).isBetween(5, 6);
        int before = broker.attempts;
        runtime.advance(Duration.ofSeconds(60));
        assertThat(broker.attempts - before).isBetween(5, 8);
        assertThat(user.told).isEmpty();
    }

    @Test
    void waitsBeginAnewAfterStableUseAndNotAtTheConnection() {
        join(user);
        for (int i = 0; i < 6; i++) {
            end(RESET);
            runtime.advance(Duration.ofSeconds(13));
        }
        end(RESET);
        runtime.advance(Duration.ofSeconds(7));
        assertThat(broker.present).as("still waits").isNull();
        runtime.advance(Duration.ofSeconds(6));

        loop.execute(() -> supervisor.stable(user));
        end(RESET);
        runtime.advance(Duration.ofMillis(650));
        assertThat(broker.present).isNotNull();
    }

    @Test
    void aUserThatThrowsKeepsNothingFromTheOthers() {
        ConnectionUser bad = new ConnectionUser() {
            @Override
            public void connected(BrokerConnection connection) {
                throw new IllegalStateException("bad user");
            }

            @Override
            public void disconnected(Closure closure) {
                throw new StackOverflowError("bad user");
            }

            @Override
            public void blocked(boolean blocked, String reason) {}

            @Override
            public void failed(MessagingException cause) {
                throw new IllegalStateException("bad user");
            }
        };
        loop.execute(() -> supervisor.join(bad));
        loop.execute(() -> supervisor.join(user));
        isLogged(() -> runtime.advance(Duration.ofMillis(10)));
        isLogged(() -> end(RESET));
        broker.refuse(TOO_LARGE, 3);
        isLogged(() -> runtime.advance(Duration.ofMinutes(1)));

        assertThat(user.told).containsExactly("connected", "disconnected", "failed");
    }

    @Test
    void aUserThatThrowsWhenItIsToldOfAConnectionIsToldAgain() {
        User other = new User();
        boolean[] lacking = {true};
        ConnectionUser weak = new ConnectionUser() {
            @Override
            public void connected(BrokerConnection connection) {
                if (lacking[0]) {
                    lacking[0] = false;
                    throw new OutOfMemoryError("bad user");
                }
                other.connected(connection);
            }

            @Override
            public void disconnected(Closure closure) {}

            @Override
            public void blocked(boolean blocked, String reason) {}

            @Override
            public void failed(MessagingException cause) {}
        };
        loop.execute(() -> supervisor.join(weak));
        isLogged(() -> runtime.advance(Duration.ofMillis(10)));
        runtime.advance(Duration.ofSeconds(5));

        assertThat(other.told).containsExactly("connected");
    }

    /** What a task of a loop throws, the simulation throws. */
    private static void isLogged(Runnable run) {
        assertThatThrownBy(run::run).isInstanceOf(AssertionError.class).hasStackTraceContaining("bad user");
    }

    @Test
    void anOperatorMayCloseItAsOftenAsHeLikes() {
        join(user);
        for (int i = 0; i < 10; i++) {
            end(ScriptedBroker.brokerSays(320, "CONNECTION_FORCED - closed via management plugin"));
            runtime.advance(Duration.ofSeconds(13));
        }
        assertThat(user.told).doesNotContain("failed").hasSize(21);
    }

    @Test
    void aMessageThatEndsEachConnectionMakesItsConsumerFail() {
        join(user);
        for (int i = 0; i < 2; i++) {
            end(TOO_LARGE);
            runtime.advance(Duration.ofSeconds(13));
        }
        assertThat(user.told).doesNotContain("failed");
        end(TOO_LARGE);

        assertThat(user.told).last().isEqualTo("failed");
        assertThat(user.failure.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(user.failure).hasMessageContaining("too large").hasMessageContaining("No further attempt");
        runtime.advance(Duration.ofMinutes(5));
        assertThat(broker.attempts).as("nobody is left").isEqualTo(3);
    }

    @Test
    void aMessageThatEndsEachConnectionEndsTheConsumerItCameForAndNoOther() {
        User other = new User();
        join(user);
        join(other);
        Closure received = new Closure(Closure.Kind.RECEIVED, 0, TOO_LARGE.text(), true, null);
        for (int i = 0; i < 3; i++) {
            loop.execute(() -> supervisor.troubled(user, received));
            end(TOO_LARGE);
            runtime.advance(Duration.ofSeconds(13));
        }
        assertThat(user.told).last().isEqualTo("failed");
        assertThat(user.failure.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(user.failure).hasMessageContaining("Take the message out of the queue");
        assertThat(other.told).doesNotContain("failed").last().isEqualTo("connected");

        for (int i = 0; i < 3; i++) {
            end(TOO_LARGE);
            runtime.advance(Duration.ofSeconds(13));
        }
        assertThat(other.told).as("nobody is known for whom it came").last().isEqualTo("failed");
    }

    @Test
    void anInternalErrorOfTheBrokerMayPass() {
        join(user);
        for (int i = 0; i < 6; i++) {
            end(ScriptedBroker.brokerSays(541, "INTERNAL_ERROR"));
            runtime.advance(Duration.ofSeconds(13));
        }
        assertThat(user.told).last().isEqualTo("connected");
    }

    private void endsWithEach(Closure closure, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(user.told).as("after " + i).doesNotContain("failed");
            end(closure);
            runtime.advance(Duration.ofSeconds(13));
        }
        assertThat(user.told).last().isEqualTo("failed");
    }

    @Test
    void anErrorThatEndsEachConnectionEndsItsUsers() {
        join(user);
        endsWithEach(new Closure(Closure.Kind.PROCESS, 0, "OutOfMemoryError: Java heap space", true, null), 10);
        assertThat(user.failure).hasMessageContaining("memory of this process");
    }

    @Test
    void anInternalErrorOfTheBrokerThatEndsEachConnectionEndsItsUsers() {
        join(user);
        endsWithEach(ScriptedBroker.brokerSays(541, "INTERNAL_ERROR"), 20);
    }

    @Test
    void aFrameErrorThatEndsEachConnectionEndsItsUsers() {
        join(user);
        endsWithEach(ScriptedBroker.brokerSays(501, "FRAME_ERROR - type 1, all octets = <<>>"), 3);
    }

    @Test
    void theTroubleOfOneUserIsNotTheEndOfAnother() {
        User other = new User();
        join(user);
        join(other);
        Closure refused = new Closure(Closure.Kind.BROKER, 403, "ACCESS_REFUSED - queue 'a'", false, null);
        for (int i = 0; i < 3; i++) {
            loop.execute(() -> supervisor.troubled(user, refused));
            runtime.advance(Duration.ofSeconds(1));
        }
        assertThat(user.told).containsExactly("connected", "failed");
        assertThat(user.failure.code()).isEqualTo(ErrorCode.AUTHORIZATION);
        assertThat(other.told).containsExactly("connected");
    }

    @Test
    void troubleThatIsWorkedOffIsForgotten() {
        join(user);
        Closure refused = new Closure(Closure.Kind.BROKER, 404, "NOT_FOUND - no queue 'a'", false, null);
        for (int i = 0; i < 6; i++) {
            loop.execute(() -> supervisor.troubled(user, refused));
            loop.execute(() -> supervisor.stable(user));
            runtime.advance(Duration.ofSeconds(1));
        }
        assertThat(user.told).containsExactly("connected");
    }

    @Test
    void anAlarmIsToldAlsoToThoseWhoJoinLaterBeforeTheyMayAskForAnything() {
        join(user);
        ScriptedBroker.Connection present = broker.present;
        assertThat(present).isNotNull();
        present.block(true);
        runtime.settle();
        User later = new User();
        join(later);
        present.block(false);
        runtime.settle();

        assertThat(user.told).containsExactly("connected", "blocked by low on memory", "unblocked");
        assertThat(later.told).containsExactly("blocked by low on memory", "connected", "unblocked");
    }

    @Test
    void aProbeTellsWhyThereIsNoConnection() {
        broker.refuse(RESET, 1);
        CompletableFuture<Void> probe = supervisor.probe();
        runtime.advance(Duration.ofMillis(10));
        assertThat(probe).isCompletedExceptionally();
        assertThat(errorOf(probe))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.NO_BROKERS_AVAILABLE));

        CompletableFuture<Void> next = supervisor.probe();
        runtime.advance(Duration.ofMillis(10));
        assertThat(next).isCompleted();
    }

    private static Throwable errorOf(CompletableFuture<?> future) {
        Throwable[] error = {new IllegalStateException("it has not failed")};
        var unused = future.whenComplete((result, thrown) -> error[0] = thrown);
        return error[0];
    }

    @Test
    void aCloseEndsEverything() {
        join(user);
        CompletableFuture<Void> closed = supervisor.close(Duration.ofSeconds(1));
        runtime.advance(Duration.ofMillis(10));
        assertThat(closed).isCompleted();
        assertThat(broker.present).isNull();
        assertThat(user.told).as("who closes knows").containsExactly("connected");
    }

    @Test
    void aCloseWithinAnAttemptEndsThatToo() {
        loop.execute(() -> supervisor.join(user));
        runtime.settle();
        CompletableFuture<Void> closed = supervisor.close(Duration.ofSeconds(1));
        runtime.advance(Duration.ofMillis(100));
        assertThat(closed).isCompleted();
        assertThat(broker.connectorClosed).isTrue();
        assertThat(user.told).isEmpty();
    }

    @Test
    void aConnectionThatDoesNotEndDelaysACloseByItsLimitOnly() {
        join(user);
        ScriptedBroker.Connection present = broker.present;
        assertThat(present).isNotNull();
        present.neverCloses = true;
        CompletableFuture<Void> closed = supervisor.close(Duration.ofSeconds(2));
        runtime.advance(Duration.ofMillis(1_999));
        assertThat(closed).isNotDone();
        runtime.advance(Duration.ofMillis(2));
        assertThat(closed).isCompleted();
    }
}
