package io.microservicekit.messaging.testkit.junit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the processes of a node find in their environment. */
class RabbitMqHomeTest {
    /** The node, {@code rabbitmqctl} and all that these start: Erlang reads it in each of its processes. */
    @Test
    void noProcessOfANodeStartsAnEpmdThatNobodyOwns(@TempDir Path directory) {
        RabbitMqInstallation installation = new RabbitMqInstallation(Path.of("/"), "/usr/lib/rabbitmq/bin");
        RabbitMqHome home = new RabbitMqHome(installation, BrokerHome.in("node", directory));

        assertThat(home.environment(RabbitMqPorts.free())).containsEntry("ERL_AFLAGS", "-start_epmd false");
    }
}
