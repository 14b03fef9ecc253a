package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LastAddressConcurrentTest {
    private static final List<String> ADDRESSES = List.of("a", "b", "c");

    @Test
    void anotherThreadBeginsWithTheOneThatWorkedLast() throws InterruptedException {
        LastAddress last = new LastAddress();
        assertThat(last.first(ADDRESSES)).containsExactly("a", "b", "c");
        Thread connecting = new Thread(() -> last.works("b", ADDRESSES));
        connecting.start();
        connecting.join();

        assertThat(last.first(ADDRESSES)).containsExactly("b", "c", "a");
    }
}
