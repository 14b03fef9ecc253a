package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When spans begin and end, and that their context travels. */
class TracingSimTest {
    private final SimWorld world = SimWorld.topics(1);
    private final RecordedSpans spans = new RecordedSpans();
    private final MessagingClient client = world.builder("a").tracer(spans).build();

    @AfterEach
    void end() {
        world.close();
    }

    private static Message order(String value) {
        return Message.builder(SimWorld.TOPIC)
                .valueText(value)
                .headers(Headers.builder().add("tenant", "blue").build())
                .build();
    }

    private Headers stored(String topic, int index) {
        return world.broker.messages(topic).get(index).message().headers();
    }

    @Test
    void aSendIsOneSpanThatEndsBeforeItsOutcomeIsTold() {
        world.broker.delayConfirms(SimWorld.TOPIC, Duration.ofSeconds(1), 1);
        CompletableFuture<SendResult> sent = client.producer().sendAsync(order("1"));
        CompletableFuture<?> told = sent.thenRun(() -> spans.events.add("told"));
        assertThat(spans.events).containsExactly("begin send 1");
        world.seconds(1);
        assertThat(told).isCompleted();
        assertThat(spans.events).containsExactly("begin send 1", "end send 1", "told");
    }

    @Test
    void theContextGoesToTheBrokerAndNeverIntoTheMessageOfTheCaller() {
        Message order = order("1");
        client.producer().send(order);
        assertThat(order).isEqualTo(order("1"));
        assertThat(stored(SimWorld.TOPIC, 0).text("tenant")).isEqualTo("blue");
        assertThat(stored(SimWorld.TOPIC, 0).text("traced-by")).isEqualTo("recorded");
    }

    @Test
    void aSendThatFailsIsAFailedSpanAndTheErrorIsTheSame() {
        world.broker.failSends(SimWorld.TOPIC, SendOutcome.NOT_DELIVERED, 1);
        assertThatThrownBy(() -> client.producer().send(order("1")))
                .isInstanceOfSatisfying(
                        SendException.class, e -> assertThat(e.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED));
        assertThat(spans.events).hasSize(3).startsWith("begin send 1").endsWith("end send 1");
        assertThat(spans.events.get(1)).startsWith("fail send 1: ");
    }

    @Test
    void eachAttemptIsASpanActiveWhileTheHandlerRunsAndTheLastOneThatEndsWellHasNoError() {
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(1, Duration.ofSeconds(1)))
                .build();
        world.subscribe(client, options, message -> {
            spans.events.add("handler");
            if (message.attempt() == 1) {
                throw new IllegalStateException("no stock");
            }
        });
        world.send("1");
        world.seconds(2);
        assertThat(spans.events.stream()
                        .filter(event -> !event.contains("settle"))
                        .toList())
                .containsExactly(
                        "begin process 1 1",
                        "active process 1 1",
                        "handler",
                        "fail process 1 1: no stock",
                        "passive process 1 1",
                        "end process 1 1",
                        "begin process 1 2",
                        "active process 1 2",
                        "handler",
                        "passive process 1 2",
                        "end process 1 2");
    }

    @Test
    void anErrorThatStopsTheSubscriptionFailsItsSpanToo() {
        world.subscribe(client, ConsumerOptions.defaults(), message -> {
            throw new LinkageError("broken class path");
        });
        world.send("1");
        world.seconds(1);
        assertThat(spans.of("process"))
                .contains("fail process 1 1: broken class path")
                .endsWith("end process 1 1");
        assertThat(world.events.failures).hasSize(1);
    }

    @Test
    void anAcknowledgementIsOneSpanHoweverManyMessagesItCovers() {
        world.subscribe(client, ConsumerOptions.defaults(), message -> {});
        CompletableFuture<?> last = new CompletableFuture<>();
        for (String value : new String[] {"1", "2", "3"}) {
            last = world.sender().sendAsync(order(value));
        }
        last.join();
        world.seconds(2);
        assertThat(world.committed(0)).isEqualTo(3);
        assertThat(spans.of("settle")).last().isEqualTo("end settle orders-0 3");
        assertThat(spans.of("begin settle"))
                .hasSameSizeAs(spans.of("end settle"))
                .hasSizeLessThan(3);
    }

    @Test
    void aDeadLetterIsASpanOfItsOwnAndNothingIsInjected() {
        ConsumerOptions options =
                ConsumerOptions.builder().deadLetterQueue(SimWorld.DEAD).build();
        world.subscribe(client, options, message -> {
            throw new IllegalStateException("no stock");
        });
        world.send("1");
        world.seconds(1);
        assertThat(spans.of("dead letter")).containsExactly("begin dead letter 1", "end dead letter 1");
        assertThat(spans.of("send")).isEmpty();
        assertThat(stored(SimWorld.DEAD, 0).contains("traced-by")).isFalse();
    }

    @Test
    void theTracerOfAProducerOrConsumerWinsOverTheClients() {
        RecordedSpans own = new RecordedSpans();
        ConsumerOptions options = ConsumerOptions.builder()
                .tracer(own)
                .deadLetterQueue(SimWorld.DEAD)
                .build();
        world.subscribe(client, options, message -> {
            throw new IllegalStateException("no stock");
        });
        MessageProducer producer =
                client.producer(ProducerOptions.builder().tracer(own).build());
        producer.send(order("1"));
        world.seconds(2);
        assertThat(spans.events).isEmpty();
        assertThat(own.of("begin"))
                .containsExactly("begin send 1", "begin process 1 1", "begin dead letter 1", "begin settle orders-0 1");
    }

    @Test
    void withoutATracerNothingIsWritten() {
        world.client("b").producer().send(order("1"));
        assertThat(stored(SimWorld.TOPIC, 0)).isEqualTo(order("1").headers());
        assertThat(spans.events).isEmpty();
    }
}
