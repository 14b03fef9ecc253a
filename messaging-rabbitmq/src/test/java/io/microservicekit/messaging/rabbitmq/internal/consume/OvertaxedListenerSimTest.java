package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An Error on the way from the channel to the engine, as when there is no memory left, starves no consumer. In virtual time. */
class OvertaxedListenerSimTest {
    private final Subscription subscription = new Subscription().options(builder -> builder.prefetchCount(3));
    private final ScriptedBroker broker = subscription.broker;
    private final Overtaxed listener = new Overtaxed(subscription.heard);

    @AfterEach
    void end() {
        subscription.close();
    }

    @Test
    void whatTheEngineWasNotToldOfComesAgain() {
        subscription.open(listener);
        subscription.settle();
        listener.lackMemory("delivered");
        broker.publish(3);
        subscription.advance(Duration.ofSeconds(1));

        assertThat(subscription.heard.values()).containsExactly("1", "2", "3");
        assertThat(subscription.heard.last().epoch()).isEqualTo(2);
        assertThat(broker.openChannels()).isEqualTo(1);
        assertThat(broker.troubles).singleElement().extracting(Closure::kind).isEqualTo(Closure.Kind.OVERTAXED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"assigned", "ready"})
    void anEngineThatCouldNotBeToldOfItsAssignmentGetsAnother(String call) {
        listener.lackMemory(call);
        subscription.open(listener);
        broker.publish(3);
        subscription.advance(Duration.ofSeconds(1));

        assertThat(subscription.heard.values()).containsExactly("1", "2", "3");
        assertThat(subscription.heard.last().epoch()).isEqualTo(2);
        assertThat(broker.openChannels()).isEqualTo(1);
    }

    @Test
    void anEngineThatCouldNotBeToldOfALossGetsAnotherAssignment() {
        subscription.open(listener);
        subscription.settle();
        listener.lackMemory("lost");
        broker.closeChannels(541, "INTERNAL_ERROR");
        assertThatThrownBy(subscription::settle).hasStackTraceContaining("lack of memory");
        broker.publish(3);
        subscription.advance(Duration.ofSeconds(1));

        assertThat(subscription.heard.values()).containsExactly("1", "2", "3");
        assertThat(broker.openChannels()).isEqualTo(1);
    }

    @Test
    void aReportOfWhichNeitherItNorTheLossCouldBeToldComesAgain() {
        subscription.open(listener);
        subscription.settle();
        listener.lackMemory("delivered");
        listener.lackMemory("lost");
        broker.publish(3);
        assertThatThrownBy(() -> subscription.advance(Duration.ofSeconds(1))).hasStackTraceContaining("lack of memory");
        subscription.advance(Duration.ofSeconds(1));

        assertThat(subscription.heard.values()).containsExactly("1", "2", "3");
        assertThat(broker.openChannels()).isEqualTo(1);
    }

    /** The broker's refusal is heard before the end of the channel. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEngineThatCouldNotBeToldOfALossByARefusalGetsAnotherAssignment(boolean lacking) {
        subscription.open(listener);
        subscription.settle();
        subscription.consumer().pause(Collections.singleton(subscription.heard.last()));
        broker.cut(Duration.ofSeconds(1));
        subscription.advance(Duration.ofMillis(1_500));
        assertThat(broker.consumers()).as("it waits, paused").isZero();
        if (lacking) {
            listener.lackMemory("lost");
        }
        broker.refuse("consume", new Closure(Closure.Kind.BROKER, 403, "in exclusive use", false, null));
        broker.publish(3);
        subscription.consumer().resume(Collections.singleton(subscription.heard.last()));
        subscription.advance(Duration.ofSeconds(5));

        assertThat(listener.lacking).as("did not test: it was told of no loss").isEmpty();
        assertThat(subscription.heard.values()).containsExactly("1", "2", "3");
        assertThat(broker.openChannels()).isEqualTo(1);
    }

    @Test
    void anEngineThatCouldNotBeToldOfALossIsToldThatTheSubscriptionHasFailed() {
        subscription.open(listener);
        subscription.settle();
        listener.lackMemory("lost");
        broker.failUsers(new ConsumeException(ErrorCode.CREATE_CONSUMER, "It failed."));
        assertThatThrownBy(subscription::settle).hasStackTraceContaining("lack of memory");
        subscription.settle();

        assertThat(subscription.heard.failures).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"declare queue", "bind", "prefetch", "consume"})
    void whatCouldNotBeAskedOfTheBrokerIsAskedAgain(String question) {
        broker.lackQuestion(question);
        subscription.open(listener);
        broker.publish(3);
        subscription.advance(Duration.ofSeconds(1));

        assertThat(subscription.heard.values()).containsExactly("1", "2", "3");
        assertThat(broker.openChannels()).isEqualTo(1);
        assertThat(broker.troubles).singleElement().extracting(Closure::kind).isEqualTo(Closure.Kind.OVERTAXED);
    }

    @Test
    void aChannelForWhoseSessionThereIsNoMemoryIsClosed() {
        broker.lackSession();
        subscription.open(listener);
        broker.publish(3);
        subscription.advance(Duration.ofSeconds(1));

        assertThat(subscription.heard.values()).containsExactly("1", "2", "3");
        assertThat(broker.openChannels()).isEqualTo(1);
        assertThat(broker.troubles).as("did not test").hasSize(1);
    }

    /** Tells another one, unless there is no memory for the next call of a name. */
    private static final class Overtaxed implements BackendListener {
        private final BackendListener engine;
        private final List<String> lacking = new ArrayList<>();

        private Overtaxed(BackendListener engine) {
            this.engine = engine;
        }

        private void lackMemory(String call) {
            lacking.add(call);
        }

        private void check(String call) {
            if (lacking.remove(call)) {
                throw new InternalError("lack of memory");
            }
        }

        @Override
        public void ready() {
            check("ready");
            engine.ready();
        }

        @Override
        public void assigned(Set<Assignment> assignments) {
            check("assigned");
            engine.assigned(assignments);
        }

        @Override
        public void delivered(Assignment assignment, List<ReceivedMessage> messages) {
            check("delivered");
            engine.delivered(assignment, messages);
        }

        @Override
        public void acknowledged(Assignment assignment, long upTo) {
            engine.acknowledged(assignment, upTo);
        }

        @Override
        public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
            return engine.revoked(assignments, limit);
        }

        @Override
        public void lost(Set<Assignment> assignments) {
            check("lost");
            engine.lost(assignments);
        }

        @Override
        public void failed(MessagingException cause) {
            engine.failed(cause);
        }
    }
}
