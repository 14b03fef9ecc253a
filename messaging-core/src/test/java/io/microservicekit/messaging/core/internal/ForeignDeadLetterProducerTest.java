package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A wrapper around a producer does not know the way of dead letters, where that is another than the way of messages. */
class ForeignDeadLetterProducerTest {
    private final System.Logger logger = System.getLogger("ForeignDeadLetterProducerTest");
    private final ClientRuntime runtime = new SystemRuntime(null, logger).scope("foreign");
    private final ScriptedAdapter adapter = new ScriptedAdapter();
    private final CoreClient client = OverAdapter.client(runtime, adapter, logger);

    @AfterEach
    void end() {
        client.close();
        runtime.close();
    }

    private static ConsumerOptions through(MessageProducer producer) {
        return ConsumerOptions.builder().deadLetterQueue("dead", producer).build();
    }

    @Test
    void itIsRefusedWhenTheConsumerIsMadeWhereDeadLettersGoAnotherWay() {
        adapter.separatesDeadLetters = true;

        assertThatThrownBy(() -> client.consumer("group", through(new Wrapper(client.producer()))))
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
                .hasMessageContaining("Wrapper")
                .hasMessageContaining("Give the producer that a client has made");
        assertThat(client.stats().consumerCount()).isZero();
    }

    @Test
    void aProducerOfTheLibraryIsTakenThere() {
        adapter.separatesDeadLetters = true;

        assertThat(client.consumer("group", through(client.producer())).group()).isEqualTo("group");
    }

    @Test
    void itIsTakenWhereDeadLettersGoTheWayOfMessages() {
        assertThat(client.consumer("group", through(new Wrapper(client.producer())))
                        .group())
                .isEqualTo("group");
    }

    /** As one that counts. */
    private record Wrapper(MessageProducer within) implements MessageProducer {
        @Override
        public SendResult send(Message message) {
            return within.send(message);
        }

        @Override
        public SendResult send(Message message, Duration timeout) {
            return within.send(message, timeout);
        }

        @Override
        public CompletableFuture<SendResult> sendAsync(Message message) {
            return within.sendAsync(message);
        }

        @Override
        public BatchResult sendBatch(List<Message> messages) {
            return within.sendBatch(messages);
        }

        @Override
        public BatchResult sendBatch(List<Message> messages, Duration timeout) {
            return within.sendBatch(messages, timeout);
        }

        @Override
        public void close() {
            within.close();
        }
    }
}
