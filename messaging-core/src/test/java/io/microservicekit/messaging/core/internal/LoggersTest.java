package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageProducer;
import io.microservicekit.messaging.api.ProducerOptions;
import io.microservicekit.messaging.api.message.Message;
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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LoggersTest {
    private final RecordedLog clients = new RecordedLog();
    private final RecordedLog own = new RecordedLog();
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
                    .containsExactly(new GuardedLogger(clients), new GuardedLogger(own), new GuardedLogger(own));
            assertThat(ofConsumers).containsExactly(new GuardedLogger(clients), new GuardedLogger(own));
        }
    }

    @Test
    void aProducerThatIsClosedBeforeItsSendsAreConfirmedTellsItsOwnLogger() {
        SlowAdapter silent = new SlowAdapter(runtime, SlowAdapter.Closing.AT_THE_LIMIT);
        try (CoreClient client = OverAdapter.client(runtime, silent, clients)) {
            MessageProducer producer =
                    client.producer(ProducerOptions.builder().logger(own).build());
            CompletableFuture<?> unused =
                    producer.sendAsync(Message.builder("orders").build());
            producer.close();

            assertThat(own.containing("before 1 of its sends were confirmed"))
                    .singleElement()
                    .asString()
                    .startsWith("WARNING");
            assertThat(clients.containing("confirmed")).isEmpty();
        }
    }
}
