package io.microservicekit.messaging.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.trace.TraceContext;
import io.microservicekit.messaging.api.trace.TraceSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces that the library carries itself, through memory and in virtual time. */
class SimpleTracerSimTest {
    private static final TraceContext FOREIGN = new TraceContext("abc-123", "step-7", null, false);

    private final SimWorld world = SimWorld.topics(1);
    private final SimpleTracer tracer = new SimpleTracer(world.sim);
    private final MessagingClient client = world.builder("a").tracer(tracer).build();
    private final MessageProducer producer = client.producer();

    @AfterEach
    void end() {
        world.close();
    }

    private TraceContext sent(String topic, int index) {
        return Objects.requireNonNull(contextOf(topic, index));
    }

    private @Nullable TraceContext contextOf(String topic, int index) {
        return TraceContext.from(
                world.broker.messages(topic).get(index).message().headers());
    }

    private static Message order(Headers headers) {
        return Message.builder(SimWorld.TOPIC).valueText("1").headers(headers).build();
    }

    private static Headers foreign() {
        Headers.Builder headers = Headers.builder();
        FOREIGN.writeTo(headers);
        return headers.build();
    }

    @Test
    void aSendOutsideBeginsATrace() {
        producer.send(order(Headers.empty()));
        producer.send(order(Headers.empty()));
        TraceContext first = sent(SimWorld.TOPIC, 0);
        assertThat(first.traceId()).matches("[0-9a-f]{32}");
        assertThat(first.spanId()).matches("[0-9a-f]{16}");
        assertThat(first.parentSpanId()).isNull();
        assertThat(first.sampled()).isTrue();
        assertThat(sent(SimWorld.TOPIC, 1).traceId()).isNotEqualTo(first.traceId());
    }

    @Test
    void aSendInsideAHandlerContinuesTheTraceOfItsMessage() {
        List<TraceContext> inHandler = new ArrayList<>();
        world.subscribe(client, ConsumerOptions.defaults(), message -> {
            inHandler.add(Objects.requireNonNull(tracer.current()));
            producer.send(Message.builder("bills").build());
        });
        producer.send(order(Headers.empty()));
        world.seconds(1);
        TraceContext order = sent(SimWorld.TOPIC, 0);
        TraceContext attempt = inHandler.get(0);
        assertThat(attempt.traceId()).isEqualTo(order.traceId());
        assertThat(attempt.parentSpanId()).isEqualTo(order.spanId());
        assertThat(sent("bills", 0))
                .isEqualTo(new TraceContext(order.traceId(), sent("bills", 0).spanId(), attempt.spanId(), true));
        assertThat(tracer.current()).isNull();
    }

    @Test
    void handlersThatWaitForEachOtherKeepTheirOwnTraces() {
        CompletableFuture<Void> wait = world.sim.future();
        for (String topic : new String[] {"left", "right"}) {
            client.consumer(topic).subscribe(topic, message -> {
                wait.join();
                producer.send(Message.builder("from-" + topic).build());
            });
        }
        world.seconds(1);
        producer.send(Message.builder("left").build());
        producer.send(Message.builder("right").build());
        world.seconds(1);
        wait.complete(null);
        world.seconds(1);
        for (String topic : new String[] {"left", "right"}) {
            assertThat(sent("from-" + topic, 0).traceId())
                    .isEqualTo(sent(topic, 0).traceId());
        }
    }

    @Test
    void aContextThatCameAnotherWayIsContinuedWhileItIsActive() {
        try (TraceSpan.Scope scope = tracer.activate(FOREIGN)) {
            assertThat(scope).isNotNull();
            producer.send(order(Headers.empty()));
        }
        producer.send(order(Headers.empty()));
        TraceContext within = sent(SimWorld.TOPIC, 0);
        assertThat(within).isEqualTo(new TraceContext("abc-123", within.spanId(), "step-7", false));
        assertThat(sent(SimWorld.TOPIC, 1).traceId()).isNotEqualTo("abc-123");
    }

    @Test
    void aMessageThatBringsAContextContinuesItAndNothingOfItIsLeft() {
        producer.send(order(foreign()));
        Headers headers = world.broker.messages(SimWorld.TOPIC).get(0).message().headers();
        assertThat(headers.all("x-trace-id")).hasSize(1);
        assertThat(headers.text("x-trace-id")).isEqualTo("abc-123");
        assertThat(headers.text("x-parent-span-id")).isEqualTo("step-7");
        assertThat(headers.text("x-sampled")).isEqualTo("0");
        assertThat(headers.text("x-span-id")).matches("[0-9a-f]{16}");
    }

    @Test
    void aDeadLetterKeepsTheContextOfItsCreation() {
        ConsumerOptions options = ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(1, Duration.ofSeconds(1)))
                .deadLetterQueue(SimWorld.DEAD)
                .build();
        world.subscribe(client, options, message -> {
            throw new IllegalStateException("no stock");
        });
        producer.send(order(Headers.empty()));
        world.seconds(3);
        assertThat(sent(SimWorld.DEAD, 0)).isEqualTo(sent(SimWorld.TOPIC, 0));
    }

    @Test
    void tracingAloneMakesOneOfTheRuntimeSoThatEqualSeedsGiveEqualIds() {
        assertThat(traceOfTheFirstMessage()).isEqualTo(traceOfTheFirstMessage());
    }

    private static @Nullable TraceContext traceOfTheFirstMessage() {
        try (SimWorld other = SimWorld.topics(1)) {
            other.builder("a").tracing().build().producer().send(order(Headers.empty()));
            Headers headers =
                    other.broker.messages(SimWorld.TOPIC).get(0).message().headers();
            assertThat(headers.contains("x-trace-id")).isTrue();
            return TraceContext.from(headers);
        }
    }

    @Test
    void twoTracersOfTheUsersOwnNeverGiveTheSameIds() {
        Headers.Builder one = Headers.builder();
        Headers.Builder other = Headers.builder();
        new SimpleTracer().startSend(order(Headers.empty()), one);
        new SimpleTracer().startSend(order(Headers.empty()), other);
        assertThat(one.build().text("x-trace-id")).isNotEqualTo(other.build().text("x-trace-id"));
    }
}
