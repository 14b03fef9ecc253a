package io.microservicekit.messaging.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.microservicekit.messaging.api.AckMode;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageConsumer;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.Startup;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Headers;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each error code that a backend can give, provoked through the public API and asked for by its name. */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class ErrorCodesScenario {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration BRIEF = Duration.ofSeconds(2);
    private static final MessageHandler HANDLER = message -> {};
    private static final ConsumerOptions MANUAL =
            ConsumerOptions.builder().ackMode(AckMode.MANUAL).build();

    private final Map<ErrorCode, Runnable> provocations = new EnumMap<>(ErrorCode.class);

    protected ErrorCodesScenario() {
        beforeOpening();
        opening();
        producing();
        batches();
        consuming();
    }

    /** A client of a broker that runs; the caller closes it. */
    protected abstract MessagingClientBuilder reachable();

    /** A client of a broker that nobody reaches. */
    protected abstract MessagingClientBuilder unreachable();

    /** A topic to which no message can be delivered. */
    protected abstract String refusingTopic();

    /** A topic that is fit to be sent to, but takes nothing. */
    protected abstract String undeliverableTopic();

    /** What is not provoked here, because this backend never gives it or another test asks it for it. */
    protected abstract Set<ErrorCode> elsewhere();

    /** Adds what only this backend can give, or gives in its own way. */
    protected final void provoke(ErrorCode code, Runnable provocation) {
        provocations.put(code, provocation);
    }

    final Set<ErrorCode> codes() {
        return Collections.unmodifiableSet(provocations.keySet());
    }

    private void beforeOpening() {
        provoke(ErrorCode.NO_BROKERS, () -> MessagingClients.builder().build());
        provoke(
                ErrorCode.UNSUPPORTED_TYPE,
                () -> MessagingClients.builder().type("carrier-pigeon").build());
        provoke(ErrorCode.INVALID_CONFIG, () -> reachable().clientId("a b").build());
        provoke(ErrorCode.MALFORMED_HEADER, () -> Headers.builder().add("half-\ud800", "x"));
    }

    private void opening() {
        provoke(ErrorCode.CREATE_CLIENT, () -> unreachable().build());
        provoke(ErrorCode.NO_BROKERS_AVAILABLE, () -> unreachable().build());
        provoke(ErrorCode.CREATE_PRODUCER, () -> unreachable().openProducer());
        provoke(ErrorCode.CREATE_CONSUMER, () -> unreachable().openConsumer("group"));
        provoke(ErrorCode.CLIENT_CLOSED, () -> {
            MessagingClient client = reachable().build();
            client.close();
            client.producer();
        });
        provoke(ErrorCode.HEALTH_CHECK, () -> {
            try (MessagingClient client = unreachable().startup(Startup.WAIT).build()) {
                client.healthCheck(SHORT);
            }
        });
    }

    private void producing() {
        provoke(
                ErrorCode.PRODUCER_CLOSED,
                () -> with(client -> {
                    MessageProducer producer = client.producer();
                    producer.close();
                    producer.send(Message.builder("topic").build());
                }));
        provoke(ErrorCode.NIL_MESSAGE, () -> with(client -> client.producer().send(null)));
        provoke(
                ErrorCode.EMPTY_TOPIC,
                () -> with(client -> client.producer().send(Message.builder(" ").build())));
        provoke(
                ErrorCode.SEND_MESSAGE,
                () -> with(client -> client.producer()
                        .send(Message.builder(refusingTopic()).valueText("x").build())));
    }

    private void batches() {
        provoke(ErrorCode.SEND_QUEUE_FULL, this::overfill);
        provoke(
                ErrorCode.BATCH_SEND,
                () -> with(client -> client.producer()
                        .sendBatch(
                                List.of(Message.builder(undeliverableTopic())
                                        .valueText("x")
                                        .build()),
                                BRIEF)));
    }

    private void overfill() {
        ProducerOptions one = ProducerOptions.builder()
                .maxInFlight(1)
                .sendTimeout(Duration.ofSeconds(1))
                .build();
        try (MessagingClient client = unreachable().startup(Startup.WAIT).build();
                MessageProducer producer = client.producer(one)) {
            var unused = producer.sendAsync(Message.builder("topic").build());
            producer.sendAsync(Message.builder("topic").build()).join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private void consuming() {
        provoke(ErrorCode.EMPTY_GROUP_ID, () -> with(client -> client.consumer("")));
        provoke(
                ErrorCode.NO_TOPICS,
                () -> with(client -> client.consumer("g").subscribe(Collections.emptyList(), HANDLER)));
        provoke(ErrorCode.NIL_HANDLER, () -> with(client -> client.consumer("g").subscribe("topic", null)));
        provoke(
                ErrorCode.CONSUMER_CLOSED,
                () -> with(client -> {
                    MessageConsumer consumer = client.consumer("g");
                    consumer.close();
                    consumer.subscribe("topic", HANDLER);
                }));
        provoke(
                ErrorCode.ALREADY_CONSUMING,
                () -> with(client -> {
                    MessageConsumer consumer = client.consumer("g");
                    consumer.subscribe("topic", HANDLER);
                    consumer.subscribe("topic", HANDLER);
                }));
        provoke(
                ErrorCode.NO_ACTIVE_SESSION,
                () -> with(client -> client.consumer("g", MANUAL).commit(ofNoSession())));
        provoke(ErrorCode.TIMEOUT, () -> {
            try (MessagingClient client = unreachable().startup(Startup.WAIT).build()) {
                client.consumer("g").subscribe("topic", HANDLER).awaitReady(SHORT);
            }
        });
    }

    private static ReceivedMessage ofNoSession() {
        return ReceivedMessage.of(Message.builder("topic").build(), MessagePosition.of("topic", 0, 0), "g");
    }

    /** What is done with an open client. */
    protected interface Use {
        void of(MessagingClient client);
    }

    protected final void with(Use use) {
        MessagingClient client = reachable().build();
        try {
            use.of(client);
        } finally {
            client.shutdown(Duration.ZERO);
        }
    }

    protected static String unique(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void allSeventeenOfTheSeedAreAmongThem() {
        assertThat(codes()).containsAll(EnumSet.range(ErrorCode.NO_BROKERS, ErrorCode.BATCH_SEND));
    }

    @Test
    void allOthersAreAmongThemToo() {
        EnumSet<ErrorCode> all = EnumSet.allOf(ErrorCode.class);
        all.removeAll(elsewhere());
        assertThat(codes()).isEqualTo(all);
    }

    @ParameterizedTest
    @MethodSource("codes")
    void theCodeIsReached(ErrorCode code) {
        Throwable error = catchThrowable(provocations.get(code)::run);

        assertThat(error).isInstanceOf(MessagingException.class);
        assertThat(MessagingException.is(error, code)).as(String.valueOf(error)).isTrue();
        if (code != ErrorCode.NO_BROKERS_AVAILABLE) {
            ErrorCode own = ((MessagingException) error).code();
            assertThat(own.isA(code)).as(code + " at the top of " + error).isTrue();
        }
    }
}
