package io.microservicekit.messaging.kafka.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sends that a driver has taken when there was no memory to list them. */
class UnlistedSendsTest {
    private final InFlightSends sends = new InFlightSends(new TreeMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        public PendingSend put(Long number, PendingSend send) {
            throw new OutOfMemoryError("planted");
        }
    });

    private PendingSend unlisted() {
        Message message = Message.builder("topic").valueText("value").build();
        PendingSend send = new PendingSend(message, 0, Duration.ofSeconds(1), 0, new CompletableFuture<>());
        assertThatThrownBy(() -> sends.taken(send)).isInstanceOf(OutOfMemoryError.class);
        sends.unlisted(send);
        return send;
    }

    @Test
    void theyAreFoundWithTheOthersUntilTheyEndAndAreNotCounted() {
        PendingSend first = unlisted();
        PendingSend second = unlisted();
        assertThat(sends.matching(send -> true)).containsExactlyInAnyOrder(first, second);
        assertThat(sends.matching(send -> send == first)).containsExactly(first);
        first.delivered(new SendResult("topic", 0, 1, 0, true, true));
        assertThat(sends.matching(send -> true)).containsExactly(second);
        assertThat(sends.unconfirmed()).isZero();
    }

    @Test
    void theyAreGivenUpWithTheOthers() {
        PendingSend send = unlisted();
        assertThat(sends.giveUp()).containsExactly(send);
    }
}
