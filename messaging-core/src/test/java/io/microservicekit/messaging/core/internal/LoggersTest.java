package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.ProducerSpec;
import io.microservicekit.messaging.core.RecordedLog;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoggersTest {
    private final System.Logger clients = new RecordedLog();
    private final System.Logger own = new RecordedLog();
    private final List<System.Logger> ofProducers = new ArrayList<>();
    private final List<System.Logger> ofConsumers = new ArrayList<>();
    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(1);

    /** A connection to a broker in memory that notes what it is asked for. */
    private Backend noting(Backend real) {
        return (Backend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof ProducerSpec spec) {
                        ofProducers.add(spec.logger());
                    }
                    if (arguments != null && arguments[0] instanceof ConsumerSpec spec) {
                        ofConsumers.add(spec.logger());
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private CoreClient client() {
        Backend memory = MemoryBroker.create()
                .open(new BackendContext("c", runtime, clients, new MessagingObserver() {}, Duration.ofSeconds(1)));
        return OverAdapter.client(runtime, noting(memory), clients);
    }

    @Test
    void theAdapterIsGivenTheLoggerOfTheProducerOrConsumerAndElseTheClients() {
        try (CoreClient client = client()) {
            client.producer();
            client.producer(ProducerOptions.builder().logger(own).build());
            client.consumer("g").subscribe("orders", message -> {});
            client.consumer(
                            "h",
                            ConsumerOptions.builder()
                                    .logger(own)
                                    .deadLetterQueue("d")
                                    .build())
                    .subscribe("orders", message -> {});

            assertThat(ofProducers)
                    .as("two producers, and one for dead letters")
                    .containsExactly(clients, own, own);
            assertThat(ofConsumers).containsExactly(clients, own);
        }
    }
}
