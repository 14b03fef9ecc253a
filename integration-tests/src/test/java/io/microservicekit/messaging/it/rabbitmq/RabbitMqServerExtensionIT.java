package io.microservicekit.messaging.it.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServerExtension;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RabbitMqServerExtension.class)
class RabbitMqServerExtensionIT {
    private final RabbitMqServer ofTheInstance;

    RabbitMqServerExtensionIT(RabbitMqServer server) {
        this.ofTheInstance = server;
    }

    @Test
    void allTestsOfAJvmGetTheSameNode(RabbitMqServer server) throws Exception {
        assertThat(server.pid()).isEqualTo(ofTheInstance.pid());
        assertThat(server.url()).isEqualTo(ofTheInstance.url());
        assertThat(server.operator().queues("/")).isNotNull();
    }

    @Test
    void noTestHarmsTheSharedNode(RabbitMqServer server) throws Exception {
        List<ThrowingCallable> harms = List.of(
                server::kill,
                server::freeze,
                server::thaw,
                server::restart,
                server::stop,
                server::close,
                server.operator()::raiseMemoryAlarm,
                server.operator()::clearMemoryAlarm,
                () -> server.operator().closeAllConnections("no reason"),
                () -> server.operator().evaluate("halt()."),
                () -> server.operator().control("stop_app"));
        for (ThrowingCallable harm : harms) {
            assertThatThrownBy(harm)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("RabbitMqServer.start()");
        }

        RawRabbitMq.connect(server, "afterwards").close();
    }
}
