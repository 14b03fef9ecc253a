package io.microservicekit.messaging.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConsumerOptionsTest {
    @Test
    void defaultsAreThoseOfTheDocumentation() {
        ConsumerOptions options = ConsumerOptions.defaults();
        assertThat(options.retry().maxRetries()).isZero();
        assertThat(options.exhausted()).isEqualTo(ExhaustedPolicy.BLOCK);
        assertThat(options.deadLetterTopic()).isNull();
        assertThat(options.deadLetterProducer()).isNull();
        assertThat(options.ordering()).isEqualTo(OrderingMode.PARTITION);
        assertThat(options.concurrency()).isEqualTo(16);
        assertThat(options.maxInFlight()).isEqualTo(10_000);
        assertThat(options.maxInFlightBytes()).isEqualTo(64 * 1024 * 1024);
        assertThat(options.maxUncommitted()).isEqualTo(100_000);
        assertThat(options.startPosition()).isEqualTo(StartPosition.NEWEST);
        assertThat(ProducerOptions.defaults().sendTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void allValuesOutOfRangeAreReportedAtOnce() {
        assertThatThrownBy(() -> ConsumerOptions.builder()
                        .concurrency(0)
                        .maxInFlight(0)
                        .maxInFlightBytes(0)
                        .maxUncommitted(-3)
                        .deadLetterQueue(" ")
                        .build())
                .hasMessageContaining("concurrency is 0, must be from 1 to 10000")
                .hasMessageContaining("maxInFlight is 0")
                .hasMessageContaining("maxInFlightBytes is 0")
                .hasMessageContaining("maxUncommitted is -3")
                .hasMessageContaining("deadLetterQueue is blank")
                .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.INVALID_CONFIG))
                        .isTrue());
    }

    @Test
    void anExhaustedPolicyBesideADeadLetterQueueIsAContradiction() {
        assertThatThrownBy(() -> ConsumerOptions.builder()
                        .exhausted(ExhaustedPolicy.DISCARD)
                        .deadLetterQueue("orders-dlq")
                        .build())
                .hasMessageContaining("exhausted(DISCARD) contradicts deadLetterQueue(orders-dlq)");
    }

    @Test
    void aSendTimeoutMustBeMoreThanZeroAndAtMostADay() {
        assertThatThrownBy(() ->
                        ProducerOptions.builder().sendTimeout(Duration.ZERO).build())
                .hasMessageContaining("sendTimeout is PT0S, must be from PT0.001S to PT24H");
    }
}
