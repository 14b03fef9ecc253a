package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.microservicekit.messaging.api.OrderingMode;
import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.kafka.KafkaOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A value that must not be seen is in all settings that hold a secret; the driver repeats it in its errors. */
class SecretsTest {
    private static final String CANARY = "CANARY";

    private final ManualRuntime runtime = new ManualRuntime();
    private final HeardByEngine heard = new HeardByEngine();
    private final KafkaOptions options = KafkaOptions.builder()
            .brokers("localhost:1")
            .property("security.protocol", "SASL_SSL")
            .property("sasl.mechanism", "PLAIN")
            .property(
                    "sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required password=" + CANARY + " " + CANARY
                            + ";")
            .property("ssl.keystore.password", CANARY)
            .property("ssl.key.password", CANARY)
            .property("ssl.truststore.password", CANARY)
            .build();
    private final Backend backend = new KafkaBackend(
            options,
            new BackendContext("client", runtime, heard, heard, Duration.ofSeconds(1)),
            new KafkaClients.Real());

    @Test
    void theDriverRepeatsTheSecret() {
        Throwable driversError = catchThrowable(() -> new KafkaClients.Real()
                .producer(new ClientSettings(options, context()).producer("1", ProducerSpec.defaults(heard))));
        assertThat(text(driversError)).contains(CANARY);
    }

    @Test
    void noErrorOfAProducerShowsIt() {
        assertSilent(catchThrowable(() -> backend.producer(ProducerSpec.defaults(System.getLogger("test")))));
    }

    @Test
    void noErrorOfAConsumerShowsIt() {
        ConsumerSpec spec = new ConsumerSpec(
                "group",
                List.of("topic"),
                StartPosition.NEWEST,
                OrderingMode.PARTITION,
                1,
                100,
                null,
                System.getLogger("test"));
        assertSilent(catchThrowable(() -> backend.consumer(spec, heard)));
    }

    @Test
    void noErrorOfAProbeShowsIt() {
        CompletableFuture<Void> probed = backend.probe();
        runtime.runAll();
        Throwable error = catchThrowable(probed::join);
        assertSilent(error.getCause());
    }

    @Test
    void theOptionsDoNotShowIt() {
        assertThat(options.toString()).doesNotContain(CANARY).contains("sasl.jaas.config");
    }

    private BackendContext context() {
        return new BackendContext("client", runtime, heard, heard, Duration.ofSeconds(1));
    }

    private void assertSilent(Throwable error) {
        assertThat(error).isInstanceOf(InvalidConfigurationException.class);
        assertThat(text(error)).doesNotContain(CANARY).contains("sasl.jaas.config");
        assertThat(heard.logged()).noneMatch(line -> line.contains(CANARY));
    }

    /** All that a log would show. */
    private static String text(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
