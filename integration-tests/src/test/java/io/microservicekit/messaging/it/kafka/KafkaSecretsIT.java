package io.microservicekit.messaging.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.Subscription;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingMetrics;
import io.microservicekit.messaging.kafka.KafkaOptions;
import io.microservicekit.messaging.kafka.KafkaSasl;
import io.microservicekit.messaging.kafka.KafkaStore;
import io.microservicekit.messaging.kafka.KafkaTls;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One password opens every store and every account; it is looked for wherever somebody may look. */
@ExtendWith(SecuredKafkaExtension.class)
class KafkaSecretsIT {
    private static final String CANARY = SecuredKafka.CANARY;

    private final SecuredKafka kafka;

    private final Logger root = Logger.getLogger("");
    private final Level before = root.getLevel();
    private final Seen seen = new Seen();

    KafkaSecretsIT(SecuredKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void listen() {
        root.setLevel(Level.ALL);
        root.addHandler(seen);
    }

    @AfterEach
    void stopListening() {
        root.removeHandler(seen);
        root.setLevel(before);
    }

    @Test
    void whatGoesWellShowsNoSecret() {
        kafka.server().createTopic("open-secrets", 1);
        KafkaOptions options = options("SASL", CANARY, CANARY);
        MessagingMetrics metrics = new MessagingMetrics();
        try (MessagingClient client = open(options, metrics)) {
            Subscription subscription = client.consumer("open-secrets").subscribe(List.of("open-secrets"), m -> {});
            subscription.awaitReady(Duration.ofSeconds(60));
            client.producer()
                    .send(Message.builder("open-secrets").valueText("x").build());
            seen.add(Arrays.asList(options, options.tls(), options.sasl(), client, client.producer(), subscription));
            seen.add(Arrays.asList(client.health(), client.stats(), metrics.snapshot()));
            Thread.getAllStackTraces().keySet().forEach(thread -> seen.texts.add(thread.getName()));
        }
        assertSilent();
    }

    @Test
    void whatGoesWrongShowsNoSecret() {
        List<KafkaOptions> wrong = new ArrayList<>();
        wrong.add(options("SASL", CANARY + "x", CANARY));
        wrong.add(options("SASL", CANARY + "\n", CANARY));
        wrong.add(options("SASL", CANARY, CANARY + "x"));
        wrong.add(options("EXPIRED", CANARY, CANARY));
        for (KafkaOptions each : wrong) {
            Throwable error = catchThrowable(() -> open(each, new MessagingMetrics()));
            assertThat(error).isNotNull();
            seen.failure(error);
        }
        assertThat(seen.texts).anyMatch(text -> text.contains("the broker refused our credentials"));
        assertSilent();
    }

    private void assertSilent() {
        assertThat(seen.texts).hasSizeGreaterThan(4).noneMatch(text -> text.contains("CANARY"));
    }

    private static MessagingClient open(KafkaOptions options, MessagingMetrics metrics) {
        return MessagingClients.builder()
                .backend(options)
                .metrics(metrics)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    private KafkaOptions options(String listener, String password, String storePassword) {
        KafkaStore trust = KafkaStore.pkcs12(kafka.certificates().trustStore(), Secret.of(storePassword));
        return KafkaOptions.builder()
                .brokers(kafka.at(listener))
                .tls(KafkaTls.builder().trust(trust).build())
                .sasl(KafkaSasl.plain("plain", Secret.of(password)))
                .build();
    }

    /** All that is logged, and what is added. */
    private static final class Seen extends Handler {
        private final List<String> texts = new CopyOnWriteArrayList<>();

        private Seen() {
            setLevel(Level.ALL);
        }

        void add(List<?> objects) {
            objects.forEach(each -> texts.add(String.valueOf(each)));
        }

        /** Its messages, its causes and what is suppressed. */
        void failure(Throwable error) {
            StringWriter text = new StringWriter();
            error.printStackTrace(new PrintWriter(text));
            texts.add(text.toString());
        }

        @Override
        public void publish(LogRecord record) {
            texts.add(record.getLevel() + " " + record.getMessage() + " " + Arrays.toString(record.getParameters()));
            if (record.getThrown() != null) {
                failure(record.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
