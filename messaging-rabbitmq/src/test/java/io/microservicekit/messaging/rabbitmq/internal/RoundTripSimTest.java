package io.microservicekit.messaging.rabbitmq.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether a broker answers it is asked, also on a connection that looks open. */
class RoundTripSimTest {
    private static final Closure GONE = ScriptedBroker.cut("missed heartbeats");

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(3);
    private final Loop loop = runtime.loop("supervisor");
    private final ScriptedBroker broker = new ScriptedBroker(runtime, loop);
    private final ConnectionSupervisor supervisor =
            new ConnectionSupervisor(broker, runtime, loop, "test", System.getLogger("silent"));

    @BeforeEach
    void connect() {
        assertThat(answered(supervisor.probe())).isTrue();
    }

    @AfterEach
    void end() {
        runtime.close();
    }

    private boolean answered(CompletableFuture<Void> probe) {
        runtime.advance(Duration.ofMillis(10));
        return probe.isDone() && !probe.isCompletedExceptionally();
    }

    private ScriptedBroker.Connection present() {
        return Objects.requireNonNull(broker.present, "not connected");
    }

    @Test
    void eachProbeAsksTheBrokerOnOneChannelThatStays() {
        assertThat(answered(supervisor.probe())).isTrue();
        assertThat(answered(supervisor.probe())).isTrue();
        assertThat(answered(supervisor.probePresent())).isTrue();

        assertThat(broker.asked).containsExactly("channel", "exchange amq.direct", "exchange amq.direct");
    }

    @Test
    void aSilentConnectionDoesNotAnswerAndItsEndIsTheReason() {
        assertThat(answered(supervisor.probe())).isTrue();
        broker.answering = false;
        CompletableFuture<Void> probe = supervisor.probe();
        runtime.advance(Duration.ofSeconds(20));
        assertThat(probe).isNotDone();
        present().end(GONE);
        runtime.settle();

        assertThat(errorOf(probe).code()).isEqualTo(ErrorCode.NO_BROKERS_AVAILABLE);
        assertThat(errorOf(probe)).hasMessageContaining("missed heartbeats");
    }

    private static MessagingException errorOf(CompletableFuture<Void> probe) {
        Throwable[] error = {null};
        var unused = probe.whenComplete((nothing, thrown) -> error[0] = thrown);
        return (MessagingException) Objects.requireNonNull(error[0], "it has not failed");
    }

    @Test
    void aConnectionThatWasNeverAskedDoesNotAnswerEitherWhenItIsSilent() {
        broker.answering = false;
        CompletableFuture<Void> probe = supervisor.probe();
        runtime.advance(Duration.ofSeconds(20));

        assertThat(probe).isNotDone();
    }

    @Test
    void whoAsksMeanwhileSharesTheAnswer() {
        CompletableFuture<Void> one = supervisor.probe();
        CompletableFuture<Void> other = supervisor.probe();
        assertThat(answered(one)).isTrue();
        assertThat(answered(other)).isTrue();

        assertThat(broker.asked).containsExactly("channel");
    }

    @Test
    void whatIsBlockedByAnAlarmIsNotAskedSinceItIsNotRead() {
        broker.answering = false;
        CompletableFuture<Void> asked = supervisor.probe();
        runtime.settle();
        present().block(true);
        assertThat(answered(asked)).as("the alarm is an answer").isTrue();
        assertThat(answered(supervisor.probe())).isTrue();

        assertThat(broker.asked).containsExactly("channel");
    }

    @Test
    void aRefusalIsAnAnswerAndTheNextProbeHasAChannelAgain() {
        assertThat(answered(supervisor.probe())).isTrue();
        broker.refusedQuestions.add(new Closure(Closure.Kind.BROKER, 403, "ACCESS_REFUSED", false, null));
        assertThat(answered(supervisor.probe())).isTrue();
        assertThat(answered(supervisor.probe())).isTrue();

        assertThat(broker.asked).containsExactly("channel", "exchange amq.direct", "channel");
    }

    @Test
    void aChannelThatTheDriverGivesUpIsNoAnswer() {
        broker.refusedQuestions.add(new Closure(Closure.Kind.DRIVER, 0, "no answer for 10 s", false, null));
        CompletableFuture<Void> probe = supervisor.probe();
        runtime.advance(Duration.ofMillis(10));

        assertThat(errorOf(probe)).hasMessageContaining("no answer for 10 s");
    }

    @Test
    void aQuestionForWhichThereIsNoThreadIsNoAnswerAndTheNextOneIsAsked() {
        present().lackingAfter = 0;
        CompletableFuture<Void> probe = supervisor.probe();
        runtime.advance(Duration.ofMillis(10));
        assertThat(errorOf(probe)).hasMessageContaining("unable to create native thread");

        assertThat(answered(supervisor.probe())).isTrue();
        assertThat(broker.asked).containsExactly("channel");
    }

    @Test
    void withoutAConnectionNothingIsAskedOfIt() {
        present().end(GONE);
        runtime.settle();

        assertThat(answered(supervisor.probePresent())).isTrue();
        assertThat(broker.asked).isEmpty();
    }

    @Test
    void whereTheChannelOfAProbeIsOneTooManyNoOtherIsOpenedForThat() {
        Closure limit = ScriptedBroker.brokerSays(
                530,
                "NOT_ALLOWED - number of channels opened for user 'app' has reached the maximum allowed user limit");
        broker.answering = false;
        CompletableFuture<Void> probe = supervisor.probe();
        runtime.settle();
        present().end(limit);
        runtime.settle();
        assertThat(errorOf(probe)).hasMessageContaining("user limit");
        broker.answering = true;
        assertThat(answered(supervisor.probe())).as("connected again").isTrue();
        assertThat(answered(supervisor.probe())).isTrue();
        assertThat(answered(supervisor.probePresent())).isTrue();

        assertThat(broker.asked).containsExactly("channel");
    }

    @Test
    void anotherEndWhileTheChannelIsOpenedDoesNotEndTheAsking() {
        broker.answering = false;
        CompletableFuture<Void> probe = supervisor.probe();
        runtime.settle();
        present().end(ScriptedBroker.brokerSays(530, "NOT_ALLOWED - vhost 'limit' not found"));
        runtime.settle();
        assertThat(errorOf(probe)).hasMessageContaining("not found");
        broker.answering = true;
        assertThat(answered(supervisor.probe())).isTrue();
        assertThat(answered(supervisor.probe())).isTrue();

        assertThat(broker.asked).containsExactly("channel", "channel");
    }

    /** The question waits in the socket behind what is published, which the broker goes on to confirm. */
    @Test
    void aBrokerThatAnswersOthersOnTheConnectionAnswers() {
        present().heard = 7;
        broker.answering = false;
        CompletableFuture<Void> probe = supervisor.probe();
        runtime.advance(Duration.ofSeconds(2));
        assertThat(probe).as("nothing has come since").isNotDone();
        present().heard = 8;
        runtime.advance(Duration.ofMillis(250));
        assertThat(probe).isCompletedWithValue(null);

        CompletableFuture<Void> next = supervisor.probe();
        runtime.advance(Duration.ofSeconds(2));
        assertThat(next).as("what came before is not an answer").isNotDone();
        broker.answering = true;
        present().endQuestions(new Closure(Closure.Kind.DRIVER, 0, "no answer for 10 s", false, null));
        assertThat(answered(next)).as("the end of the question before").isTrue();
        assertThat(broker.asked).as("one at a time").containsExactly("channel", "channel");
    }

    @Test
    void aChannelThatWasRefusedIsNotWhatEndsTheConnectionLater() {
        broker.refusedQuestions.add(
                new Closure(Closure.Kind.BROKER, 530, "the limit channel_max is reached", false, null));
        assertThat(answered(supervisor.probe())).isTrue();
        present().end(ScriptedBroker.brokerSays(530, "NOT_ALLOWED - the connection limit is reached"));
        runtime.settle();
        assertThat(answered(supervisor.probe())).as("connected again").isTrue();
        broker.asked.clear();
        assertThat(answered(supervisor.probe())).isTrue();

        assertThat(broker.asked).as("it is still asked").isNotEmpty();
    }

    @Test
    void aConnectionWithAsManyChannelsAsWereGrantedHasAnswered() {
        broker.refusedQuestions.add(
                new Closure(Closure.Kind.BROKER, 530, "the limit channel_max is reached", false, null));

        assertThat(answered(supervisor.probe())).isTrue();
    }

    @Test
    void afterAnAlarmTheOldQuestionIsNotAskedTwiceAndItsEndIsNotThatOfANewOne() {
        broker.answering = false;
        CompletableFuture<Void> old = supervisor.probe();
        runtime.settle();
        present().block(true);
        assertThat(answered(old)).isTrue();
        present().block(false);
        runtime.settle();
        CompletableFuture<Void> fresh = supervisor.probe();
        runtime.settle();
        assertThat(broker.asked).as("one question at a time").containsExactly("channel");

        broker.answering = true;
        present().endQuestions(new Closure(Closure.Kind.DRIVER, 0, "no answer for 10 s", false, null));
        assertThat(answered(fresh)).isTrue();
        assertThat(broker.asked).containsExactly("channel", "channel");
    }
}
