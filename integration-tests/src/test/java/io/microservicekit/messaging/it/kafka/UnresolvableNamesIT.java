package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Brokers whose names nobody knows (yet). */
class UnresolvableNamesIT {
    @Test
    void namesThatNobodyKnowsAreNoBrokerAndAreNamed() {
        assertThatThrownBy(() -> builder().build())
                .matches(error -> MessagingException.is(error, ErrorCode.CREATE_CLIENT))
                .matches(error -> MessagingException.is(error, ErrorCode.NO_BROKERS_AVAILABLE))
                .hasStackTraceContaining("nowhere.invalid");
    }

    @Test
    void aClientThatWaitsHasItsProducersAndSubscriptionsWaitToo() {
        try (MessagingClient client = builder().startup(Startup.WAIT).build()) {
            Subscription subscription = client.consumer("group").subscribe(List.of("topic"), message -> {});
            assertThatThrownBy(() ->
                            client.producer().send(Message.builder("topic").build(), Duration.ofMillis(300)))
                    .hasMessageContaining("nowhere.invalid")
                    .isInstanceOfSatisfying(
                            SendException.class,
                            error -> assertThat(error.outcome()).isEqualTo(SendOutcome.NOT_DELIVERED));
            assertThat(client.health().toString()).contains("nowhere.invalid");
            assertThat(subscription.completion()).isNotDone();
        }
    }

    private static MessagingClientBuilder builder() {
        return MessagingClients.builder()
                .backend(KafkaOptions.builder().brokers("nowhere.invalid:9092").build())
                .connectTimeout(Duration.ofSeconds(2));
    }
}
