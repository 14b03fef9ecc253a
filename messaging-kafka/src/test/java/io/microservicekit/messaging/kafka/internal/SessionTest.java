package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a subscription takes from the options. */
class SessionTest {
    private static Session.Limits limits(String property, String value) {
        return Session.Limits.of(
                KafkaOptions.builder().brokers("h:1").property(property, value).build());
    }

    @Test
    void anAnswerIsLostAfterTwiceTheTimeOfARequestHoweverItIsSet() {
        assertThat(limits("request.timeout.ms", " 60000 ").lost()).isEqualTo(Duration.ofMinutes(2));
        assertThat(limits("linger.ms", "1").lost()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theTimeBetweenTwoPollsIsTheDriversUnlessItIsSet() {
        assertThat(limits("max.poll.interval.ms", "60000").maxPollInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(limits("linger.ms", "1").maxPollInterval()).isEqualTo(Duration.ofMinutes(5));
    }
}
