package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.message.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SendWindowTest {
    private final SendWindow window = new SendWindow(() -> {}, () -> {});
    private final AtomicInteger pumps = new AtomicInteger();

    private static PendingSend due(long nanos) {
        Message message = Message.builder("topic").valueText("v").build();
        return new PendingSend("", message, 0, nanos, new CompletableFuture<>());
    }

    @Test
    void theEndOfTheOnlyOneThatMayBeWrittenLetsTheNextGo() {
        PendingSend first = due(10);
        PendingSend second = due(100);
        window.open(1, pumps::incrementAndGet, 1);
        window.add(first);
        window.add(second);
        assertThat(window.next(1, 1, 0)).isSameAs(first);
        assertThat(window.next(1, 2, 0)).as("one at a time").isNull();
        assertThat(pumps).hasValue(1);

        assertThat(window.expire(50).written()).containsExactly(first);

        assertThat(pumps).hasValue(2);
        assertThat(window.next(1, 2, 50)).isSameAs(second);
    }
}
