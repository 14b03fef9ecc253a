package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GivenBrokerTest {
    private static final GivenBroker BROKER = new GivenBroker("elsewhere:9092");

    static Stream<ThrowingCallable> whatNeedsTheProcess() {
        return Stream.of(
                BROKER::pid, BROKER::log, BROKER::kill, BROKER::freeze, BROKER::thaw, BROKER::restart, BROKER::stop);
    }

    @ParameterizedTest
    @MethodSource("whatNeedsTheProcess")
    void whatNeedsTheProcessIsRefusedWithTheReason(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("the Kafka broker at elsewhere:9092")
                .hasMessageContaining("its process belongs to somebody else")
                .hasMessageContaining("-Dmessaging.kafka.broker.lib");
    }

    @Test
    void closingLeavesItAsItIs() {
        assertThatCode(BROKER::close).doesNotThrowAnyException();
    }

    @Test
    void itsSettingsAreNotOursToChoose() {
        assertThatThrownBy(() ->
                        GivenBroker.at("elsewhere:9092", List.of("log.segment.bytes"), Deadline.in(Duration.ofDays(1))))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("applying the settings [log.segment.bytes]");
    }

    @Test
    void anAddressWhereNobodyAnswersIsNamed() {
        String nobody = LoopbackPorts.free().brokerAddress();

        assertThatThrownBy(() -> GivenBroker.at(nobody, List.of(), Deadline.in(Duration.ofMillis(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("connecting to the Kafka broker at " + nobody)
                .hasMessageContaining("no answer within PT0.001S")
                .hasMessageContaining("start it");
    }
}
