package io.microservicekit.messaging.core;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.OversizeDeadLetter;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.DeadLetterHeaders;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OversizeDeadLetterSimTest {
    private final SimWorld world = SimWorld.topics(2);
    private final List<Integer> tried = new ArrayList<>();
    private int limit;

    @AfterEach
    void end() {
        world.close();
    }

    private void consume(ConsumerOptionsBuilder options) {
        MessageProducer letters = new Limited(world.client("letters").producer());
        world.subscribe("a", options.deadLetterQueue(SimWorld.DEAD, letters).build(), message -> {
            if ("bad".equals(message.valueText())) {
                throw new IllegalStateException("no stock");
            }
        });
    }

    private List<Message> dead() {
        return world.broker.messages(SimWorld.DEAD).stream()
                .map(stored -> stored.message())
                .toList();
    }

    @Test
    void aDeadLetterThatFitsWithoutOurMoreHeadersIsWrittenAtOnceWithTheFive() {
        limit = 5;
        consume(ConsumerOptions.builder());
        world.sendTo(0, "bad", "good");
        assertThat(dead()).hasSize(1);
        assertThat(dead().get(0).valueText()).isEqualTo("bad");
        assertThat(dead().get(0).headers().text(DeadLetterHeaders.ORIGINAL_TOPIC))
                .isEqualTo(SimWorld.TOPIC);
        assertThat(dead().get(0).headers().contains(DeadLetterHeaders.FAILED_AT))
                .isFalse();
        assertThat(world.committed(0)).isEqualTo(2);
        assertThat(tried).containsExactly(8, 5);
    }

    @Test
    void aDeadLetterThatNeverFitsPausesItsLaneWithTheReasonAndWithoutAHotRetry() {
        limit = 0;
        consume(ConsumerOptions.builder());
        world.sendTo(0, "bad", "behind");
        world.sendTo(1, "other");
        world.seconds(600);
        assertThat(world.values()).containsExactly("bad", "other");
        assertThat(world.committed(0)).isZero();
        assertThat(world.committed(1)).isEqualTo(1);
        assertThat(tried).hasSizeBetween(20, 22);
        assertThat(world.events.deadLetterFailures).isNotEmpty();
        assertThat(world.log.containing("is too large for " + SimWorld.DEAD)).isNotEmpty();

        limit = 8;
        world.seconds(31);
        assertThat(world.values()).containsExactly("bad", "other", "behind");
        assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP).nothingLost();
    }

    @Test
    void aPointerReplacesADeadLetterThatNeverFitsWhenConfigured() {
        limit = 5;
        consume(ConsumerOptions.builder().oversizeDeadLetter(OversizeDeadLetter.POINTER));
        MessageProducer sender = world.sender();
        sender.send(Message.builder(SimWorld.TOPIC)
                .keyText("k")
                .valueText("bad")
                .header("tenant", "x")
                .build());
        world.sim.settle();
        Message pointer = dead().get(0);
        assertThat(pointer.keyText()).isEqualTo("k");
        assertThat(pointer.value()).isNull();
        assertThat(pointer.headers().text(DeadLetterHeaders.POINTER)).isEqualTo("1");
        assertThat(pointer.headers().contains("tenant")).isFalse();
        assertThat(world.broker).hasAcknowledgedAll(SimWorld.GROUP);
    }

    @Test
    void aConsumerThatWouldReadItsOwnDeadLettersIsRefused() {
        InvalidConfigurationException refused = catchThrowableOfType(
                InvalidConfigurationException.class,
                () -> world.client("a")
                        .consumer(
                                SimWorld.GROUP,
                                ConsumerOptions.builder()
                                        .deadLetterQueue(SimWorld.DEAD)
                                        .build())
                        .subscribe(List.of(SimWorld.TOPIC, SimWorld.DEAD), message -> {}));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(refused.getMessage()).contains(SimWorld.DEAD);
    }

    /** Takes as many headers as the limit says, and the pointer. */
    private final class Limited implements MessageProducer {
        private final MessageProducer wrapped;

        Limited(MessageProducer wrapped) {
            this.wrapped = wrapped;
        }

        @Override
        public SendResult send(Message message) {
            throw new UnsupportedOperationException("dead letters are sent asynchronously");
        }

        @Override
        public SendResult send(Message message, Duration timeout) {
            return send(message);
        }

        @Override
        public BatchResult sendBatch(List<Message> messages) {
            throw new UnsupportedOperationException("dead letters are sent one by one");
        }

        @Override
        public BatchResult sendBatch(List<Message> messages, Duration timeout) {
            return sendBatch(messages);
        }

        @Override
        public CompletableFuture<SendResult> sendAsync(Message message) {
            tried.add(message.headers().size());
            return message.headers().size() <= limit || message.value() == null
                    ? wrapped.sendAsync(message)
                    : CompletableFuture.failedFuture(new SendException(
                            ErrorCode.MESSAGE_TOO_LARGE, SendOutcome.NOT_DELIVERED, "too large", null));
        }

        @Override
        public void close() {}
    }
}
