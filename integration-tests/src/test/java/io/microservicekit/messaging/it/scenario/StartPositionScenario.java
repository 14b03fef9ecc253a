package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a group begins that has never committed. */
public abstract class StartPositionScenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant NINE = Instant.parse("2026-01-01T09:00:00Z");

    private final BackendUnderTest backend;

    protected StartPositionScenario(BackendUnderTest backend) {
        this.backend = backend;
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void aGroupBeginsAtTheFirstMessageAtOrAfterItsTime() {
        assertThat(received("exact", StartPosition.at(NINE.plusSeconds(60)))).containsExactly("9:01", "9:02", "last");
        assertThat(received("between", StartPosition.at(NINE.plusSeconds(61)))).containsExactly("9:02", "last");
    }

    @Test
    void aGroupWhoseTimeIsBehindAllMessagesBeginsAtTheEnd() {
        assertThat(received("behind", StartPosition.at(NINE.plusSeconds(3_600))))
                .containsExactly("last");
        assertThat(received("far-behind", StartPosition.at(Instant.MAX))).containsExactly("last");
    }

    @Test
    void aGroupWhoseTimeIsBeforeAllMessagesBeginsAtTheBeginning() {
        assertThat(received("before", StartPosition.at(NINE.minusSeconds(1))))
                .containsExactly("9:00", "9:01", "9:02", "last");
        assertThat(received("far-before", StartPosition.at(Instant.MIN)))
                .containsExactly("9:00", "9:01", "9:02", "last");
    }

    @Test
    void anEarliestGroupBeginsAtTheBeginningAndANewestOneAtTheEnd() {
        assertThat(received("earliest", StartPosition.EARLIEST)).containsExactly("9:00", "9:01", "9:02", "last");
        assertThat(received("newest", StartPosition.NEWEST)).containsExactly("last");
    }

    /** Three messages a minute apart, then a group, then one more. */
    private List<String> received(String topic, StartPosition start) {
        backend.createTopic(topic, 1);
        List<String> received = new CopyOnWriteArrayList<>();
        try (MessagingClient client =
                MessagingClients.builder().backend(backend.options()).build()) {
            for (int minute = 0; minute < 3; minute++) {
                client.producer()
                        .send(Message.builder(topic)
                                .valueText("9:0" + minute)
                                .timestamp(NINE.plusSeconds(60L * minute))
                                .build());
            }
            client.consumer(
                            topic,
                            ConsumerOptions.builder().startPosition(start).build())
                    .subscribe(topic, message -> received.add(String.valueOf(message.valueText())))
                    .awaitReady(PATIENCE);
            client.producer()
                    .send(Message.builder(topic)
                            .valueText("last")
                            .timestamp(NINE.plusSeconds(120))
                            .build());
            await().atMost(PATIENCE).until(() -> received.contains("last"));
        }
        return received;
    }
}
