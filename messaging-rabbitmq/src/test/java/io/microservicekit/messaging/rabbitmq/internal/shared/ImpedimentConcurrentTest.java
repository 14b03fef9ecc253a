package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ImpedimentConcurrentTest {
    @Test
    void anotherThreadSeesWhatIsSaid() throws InterruptedException {
        Impediment impediment = new Impediment("it has just begun");
        Thread loop = new Thread(() -> {
            impediment.say("its queue is gone");
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> impediment.text() == null);
            impediment.say("over");
        });
        loop.start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> "its queue is gone".equals(impediment.text()));
        impediment.say(null);
        loop.join();

        assertThat(impediment.text()).isEqualTo("over");
    }
}
