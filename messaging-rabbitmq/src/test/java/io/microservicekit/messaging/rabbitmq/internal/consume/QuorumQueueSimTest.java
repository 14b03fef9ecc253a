package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.rabbitmq.QueueType;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A quorum queue takes back what is on its way to a consumer that is cancelled, in no order and before all that was sent earlier. */
class QuorumQueueSimTest {
    private final Subscription subscription = new Subscription();
    private final ScriptedBroker broker = subscription.broker;
    private final Heard heard = subscription.heard;

    @AfterEach
    void end() {
        assertThat(broker.violations).isEmpty();
        subscription.close();
    }

    private void quorum() {
        subscription.options(options -> options.queueType(QueueType.QUORUM)).open();
        broker.publish(5);
        subscription.settle();
    }

    private boolean isCancelled() {
        return broker.asked.stream().anyMatch(each -> each.startsWith("cancel"));
    }

    @Test
    void aCloseEndsTheIntakeWithTheChannelAndCancelsNothing() {
        quorum();

        var closed = subscription.consumer().close(Duration.ofSeconds(10));
        broker.publish(1);
        subscription.advance(Duration.ofSeconds(10));

        assertThat(closed).isCompleted();
        assertThat(isCancelled()).isFalse();
    }

    @Test
    void aPauseThatLastsEndsWithTheChannelAlsoWhenNothingIsUnfinished() {
        quorum();
        subscription.consumer().acknowledge(heard.last(), 5, new long[0]);
        subscription.settle();

        subscription.consumer().pause(Set.of(heard.last()));
        subscription.advance(Duration.ofMinutes(1));

        assertThat(isCancelled()).isFalse();
        assertThat(heard.assigned).as("given back, and taken anew").hasSize(2);
    }

    @Test
    void thereIsOneConsumerAlsoWhenAllItHasIsHeldForWhatSeveralHaveComesBackInNoOrder() {
        subscription
                .options(options -> options.queueType(QueueType.QUORUM).prefetchCount(4))
                .open();
        broker.publish(100);
        subscription.settle();
        hold(1, 2, 3, 4);

        assertThat(heard.messages).hasSize(4);
        assertThat(broker.consumers()).isEqualTo(1);
        assertThat(subscription.consumer().impediment()).as("order PARTITION").isNull();
    }

    private void hold(long... tags) {
        for (long tag : tags) {
            subscription.consumer().hold(heard.last(), tag);
        }
        subscription.settle();
    }

    @Test
    void aQueueThatIsNotDeclaredHereMayBeAQuorumQueue() {
        subscription.options(options -> options.topology(RabbitMqTopology.NONE)).open();

        var closed = subscription.consumer().close(Duration.ofSeconds(10));
        subscription.advance(Duration.ofSeconds(10));

        assertThat(closed).isCompleted();
        assertThat(isCancelled()).isFalse();
    }
}
