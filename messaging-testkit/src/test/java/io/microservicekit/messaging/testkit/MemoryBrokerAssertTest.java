package io.microservicekit.messaging.testkit;

import static io.microservicekit.messaging.testkit.MessagingAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.testkit.internal.MemoryBackendProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MemoryBrokerAssertTest {
    private final MemoryWorld world = new MemoryWorld(MemoryBroker.create());
    private final MemoryBroker broker = world.broker;

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void aDeadLetterHasTheTextAndAllFiveHeaders() {
        world.put(Message.builder("dead")
                .header("x-original-topic", "orders")
                .header("x-original-partition", "0")
                .header("x-original-offset", "0")
                .header("x-error-message", "no stock left")
                .header("x-consumer-group", "group")
                .build());
        assertThat(broker).topic("dead").hasDeadLetter("no stock").hasSize(1).nothingLost();
        assertThatThrownBy(() -> assertThat(broker).topic("dead").hasDeadLetter("other"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no stock left");
    }

    @Test
    void aDeadLetterWithoutOneOfItsHeadersIsNone() {
        world.put(Message.builder("dead").header("x-error-message", "no stock").build());
        assertThatThrownBy(() -> assertThat(broker).topic("dead").hasDeadLetter("no stock"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("x-original-topic");
    }

    @Test
    void sizesAreCompared() {
        assertThat(broker).topic("orders").isEmpty();
        world.send("orders", "1");
        assertThatThrownBy(() -> assertThat(broker).topic("orders").isEmpty()).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> assertThat(broker).topic("orders").hasSize(2)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aGroupThatHasNotAcknowledgedAllIsNamed() {
        world.join("a", new RecordingListener(), "orders");
        assertThat(broker).hasAcknowledgedAll("group");
        world.send("orders", "1");
        assertThatThrownBy(() -> assertThat(broker).hasAcknowledgedAll("group"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("group");
    }

    @Test
    void eachClientWithoutOptionsGetsABrokerOfItsOwn() {
        BackendProvider provider = new MemoryBackendProvider();
        Settings settings = Settings.of(List.of(), Map.of());
        MemoryOptions first = (MemoryOptions) provider.options(settings);
        MemoryOptions second = (MemoryOptions) provider.options(settings);
        assertThat(provider.optionsType()).isEqualTo(MemoryOptions.class);
        assertThat(first.backendType()).isEqualTo(provider.type()).isEqualTo("memory");
        assertThat(first.broker() == second.broker()).isFalse();
    }
}
