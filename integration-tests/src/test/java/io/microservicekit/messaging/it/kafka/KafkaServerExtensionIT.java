package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.KafkaServerExtension;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(KafkaServerExtension.class)
class KafkaServerExtensionIT {
    private final KafkaServer ofTheInstance;

    KafkaServerExtensionIT(KafkaServer server) {
        this.ofTheInstance = server;
    }

    @Test
    void allTestsOfAJvmGetTheSameBroker(KafkaServer server) {
        assertThat(server.pid()).isEqualTo(ofTheInstance.pid());
        assertThat(server.bootstrapServers()).isEqualTo(ofTheInstance.bootstrapServers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "freeze", "thaw", "restart", "stop", "close"})
    void noTestHarmsTheSharedBroker(String attempt, KafkaServer server) {
        assertThatThrownBy(call(attempt, server))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("KafkaServer.start()");

        server.createTopic("after-" + attempt, 1);
    }

    private static ThrowingCallable call(String attempt, KafkaServer server) {
        return switch (attempt) {
            case "kill" -> server::kill;
            case "freeze" -> server::freeze;
            case "thaw" -> server::thaw;
            case "restart" -> server::restart;
            case "stop" -> server::stop;
            case "close" -> server::close;
            default -> throw new IllegalArgumentException(attempt);
        };
    }
}
