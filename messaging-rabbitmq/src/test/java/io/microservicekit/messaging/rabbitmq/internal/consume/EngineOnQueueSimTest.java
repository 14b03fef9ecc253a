package io.microservicekit.messaging.rabbitmq.internal.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real engine and the real consumer on the scripted broker, in simulated time. */
class EngineOnQueueSimTest {
    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(11);
    private final ScriptedBroker broker = new ScriptedBroker(runtime);
    private final ScriptedBackendProvider.Options options = new ScriptedBackendProvider.Options(
            broker, RabbitMqOptions.builder().url("amqp://localhost").build());
    private final MessagingClient client = MessagingClients.builder()
            .backend(options)
            .clientId("client")
            .logger(new Heard())
            .runtime(runtime)
            .build();
    private final List<String> done = new ArrayList<>();
    private final Map<String, Integer> started = new LinkedHashMap<>();

    @AfterEach
    void end() {
        assertThat(broker.violations).isEmpty();
        runtime.close();
    }

    private void work(Duration time) {
        CompletableFuture<Void> over = runtime.future();
        try {
            over.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private MessageHandler failing(String bad, int failures) {
        return message -> {
            started.merge(String.valueOf(message.valueText()), 1, Integer::sum);
            if (bad.equals(message.valueText()) && message.attempt() <= failures) {
                throw new IllegalStateException("no stock");
            }
            done.add(String.valueOf(message.valueText()));
        };
    }

    @Test
    void everyMessageIsHandledAndAcknowledged() {
        client.consumer("group").subscribe("orders", failing("none", 0));
        broker.publish(500);
        runtime.advance(Duration.ofSeconds(1));

        assertThat(done).hasSize(500).doesNotHaveDuplicates();
        assertThat(broker.acknowledged).hasSize(500);
        assertThat(broker.unacknowledged()).isZero();
        assertThat(broker.most).isEqualTo(10);
    }

    @Test
    void aRetryKeepsTheOrderAndReturnsNothing() {
        ConsumerOptions retrying = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(3, Duration.ofSeconds(1)))
                .build();
        client.consumer("group", retrying).subscribe("orders", failing("2", 3));
        broker.publish(3);
        runtime.advance(Duration.ofSeconds(8));

        assertThat(done).containsExactly("1", "2", "3");
        assertThat(started).containsEntry("2", 4).containsEntry("3", 1);
    }

    @Test
    void aDeadLetterQueueThatIsAbsentForAnHourLosesNothingAndNeverMeetsTheConsumerTimeout() {
        broker.consumerTimeout(Duration.ofMinutes(30));
        options.refusing = true;
        ConsumerOptions dead = ConsumerOptions.builder().deadLetterQueue("dead").build();
        client.consumer("group", dead).subscribe("orders", failing("2", Integer.MAX_VALUE));
        broker.publish(3);
        runtime.advance(Duration.ofHours(1));
        assertThat(done).containsExactly("1");
        assertThat(broker.acknowledged).containsExactly(1L);

        options.refusing = false;
        runtime.advance(Duration.ofSeconds(31));
        assertThat(done).containsExactly("1", "3");
        assertThat(options.sent).hasSize(1);
        assertThat(broker.acknowledged).containsExactly(1L, 2L, 3L);
        assertThat(broker.asked.stream()
                        .filter(each -> each.equals("consume group"))
                        .count())
                .isBetween(5L, 8L);
    }

    @Test
    void otherKeysFlowHoweverManyMessagesWaitBehindAKeyWhoseDeadLetterCannotBeWritten() {
        options.refusing = true;
        ConsumerOptions dead = ConsumerOptions.builder()
                .ordering(OrderingMode.KEY)
                .deadLetterQueue("dead")
                .build();
        client.consumer("group", dead).subscribe("orders", failing("3", Integer.MAX_VALUE));
        for (int i = 0; i < 60; i++) {
            broker.publishKeyed(20, 10);
            runtime.advance(Duration.ofSeconds(1));
        }

        assertThat(done).as("all but those of the third key").hasSize(60 * 18);
        assertThat(broker.unacknowledged()).isEqualTo(60 * 2);
        options.refusing = false;
        runtime.advance(Duration.ofMinutes(1));
        assertThat(done).hasSize(60 * 20 - 1);
        assertThat(done.stream().filter(value -> value.endsWith("3")).map(Integer::valueOf))
                .as("in order")
                .isSorted();
        broker.publishKeyed(100, 10);
        runtime.advance(Duration.ofSeconds(1));
        assertThat(broker.unacknowledged()).isZero();
    }

    @Test
    void aConnectionCutInMidRunDeliversAgainAndLosesNothing() {
        client.consumer("group").subscribe("orders", message -> {
            started.merge(String.valueOf(message.valueText()), 1, Integer::sum);
            work(Duration.ofMillis(100));
            done.add(String.valueOf(message.valueText()));
        });
        broker.publish(100);
        for (int i = 0; i < 10; i++) {
            runtime.advance(Duration.ofMillis(750));
            broker.cut(Duration.ofMillis(250));
        }
        runtime.advance(Duration.ofSeconds(20));

        assertThat(new TreeSet<>(done)).hasSize(100);
        assertThat(broker.acknowledged).hasSize(100);
        assertThat(done.size()).isBetween(101, 100 + 10 * 10);
    }

    @Test
    void aPausedSubscriptionReturnsWhatItHasAndGoesOnWhenItIsResumed() {
        var subscription = client.consumer("group").subscribe("orders", message -> {
            work(Duration.ofSeconds(1));
            done.add(String.valueOf(message.valueText()));
        });
        broker.publish(20);
        runtime.advance(Duration.ofMillis(2500));
        subscription.pause();
        runtime.advance(Duration.ofMinutes(10));
        assertThat(done).containsExactly("1", "2", "3");
        assertThat(broker.ready()).isEqualTo(17);
        assertThat(broker.consumers()).isZero();

        subscription.resume();
        runtime.advance(Duration.ofSeconds(20));
        assertThat(done).hasSize(20).doesNotHaveDuplicates();
        assertThat(broker.acknowledged).hasSize(20);
    }

    @Test
    void boundsOfTheEngineDoNotUndoTheWorkOfSlowHandlers() {
        ConsumerOptions narrow = ConsumerOptions.builder().maxInFlight(2).build();
        client.consumer("group", narrow).subscribe("orders", message -> {
            started.merge(String.valueOf(message.valueText()), 1, Integer::sum);
            work(Duration.ofSeconds(25));
            done.add(String.valueOf(message.valueText()));
        });
        broker.publish(6);
        runtime.advance(Duration.ofMinutes(5));

        assertThat(new TreeSet<>(done)).hasSize(6);
        assertThat(broker.acknowledged).hasSize(6);
        assertThat(started.values()).allMatch(times -> times <= 4);
    }

    @Test
    void aManualCommitIsAnsweredOnceTheBrokerHasIt() {
        ConsumerOptions manual =
                ConsumerOptions.builder().ackMode(AckMode.MANUAL).build();
        MessageConsumer consumer = client.consumer("group", manual);
        List<ReceivedMessage> got = new ArrayList<>();
        consumer.subscribe("orders", got::add);
        broker.publish(3);
        runtime.settle();
        assertThat(broker.acknowledged).isEmpty();
        consumer.commit(got.get(0));

        assertThat(broker.acknowledged).containsExactly(1L);
        consumer.commit(got.get(2));
        consumer.commit(got.get(1));
        assertThat(broker.acknowledged).containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    void shutdownAcknowledgesWhatIsFinishedAndReturnsTheRest() {
        client.consumer("group").subscribe("orders", message -> {
            work(Duration.ofMillis(300));
            done.add(String.valueOf(message.valueText()));
        });
        broker.publish(10);
        runtime.advance(Duration.ofSeconds(1));
        client.shutdown(Duration.ofSeconds(2));

        assertThat(done).containsExactly("1", "2", "3", "4");
        assertThat(broker.acknowledged).containsExactly(1L, 2L, 3L, 4L);
        assertThat(broker.ready()).isEqualTo(6);
        assertThat(broker.openChannels()).isZero();
        assertThat(broker.users()).isZero();
    }
}
