package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GivenRabbitMqTest {
    private static final GivenRabbitMq NODE = new GivenRabbitMq(URI.create("amqp://guest:secret@elsewhere/x"));

    static Stream<ThrowingCallable> whatNeedsTheProcess() {
        return Stream.of(
                () -> NODE.control(List.of("status")),
                NODE::tlsAddress,
                NODE::memoryLimit,
                NODE::pid,
                NODE::log,
                NODE::kill,
                NODE::freeze,
                NODE::thaw,
                NODE::restart,
                NODE::stop);
    }

    @ParameterizedTest
    @MethodSource("whatNeedsTheProcess")
    void whatNeedsTheProcessIsRefusedWithTheReason(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("the RabbitMQ node at elsewhere:5672")
                .hasMessageNotContaining("secret")
                .hasMessageContaining("its process belongs to somebody else")
                .hasMessageContaining("-Dmessaging.rabbitmq.url");
    }

    @Test
    void itsUrlIsGivenAsItIs() {
        assertThat(NODE.url()).isEqualTo("amqp://guest:secret@elsewhere/x");
        assertThat(NODE.address()).isEqualTo("elsewhere:5672");
    }

    @Test
    void closingLeavesItAsItIs() {
        assertThatCode(NODE::close).doesNotThrowAnyException();
    }

    @Test
    void itsSettingsAreNotOursToChoose() {
        assertThatThrownBy(() -> GivenRabbitMq.at(
                        URI.create("amqp://elsewhere"), List.of("heartbeat"), Deadline.in(Duration.ofDays(1))))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("applying the settings [heartbeat]");
    }

    @Test
    void anAddressWhereNobodyAnswersIsNamed() {
        String nobody = LoopbackPorts.free().brokerAddress();

        assertThatThrownBy(() ->
                        GivenRabbitMq.at(URI.create("amqp://" + nobody), List.of(), Deadline.in(Duration.ofMillis(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("connecting to the RabbitMQ node at " + nobody)
                .hasMessageContaining("no answer within PT0.001S")
                .hasMessageContaining("start it");
    }
}
