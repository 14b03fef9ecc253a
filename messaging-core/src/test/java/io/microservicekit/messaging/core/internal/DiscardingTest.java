package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.ConsumerOptionsBuilder;
import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.testkit.MemoryBroker;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backend is told that a consumer discards what fails only when the user said exactly that. */
class DiscardingTest {
    private static final System.Logger LOGGER = System.getLogger("test");

    private final SimulatedRuntime runtime = SimulatedRuntime.seeded(1);
    private final List<ConsumerSpec> specs = new ArrayList<>();

    private Backend noting(Backend real) {
        return (Backend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof ConsumerSpec spec) {
                        specs.add(spec);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static ConsumerOptionsBuilder options() {
        return ConsumerOptions.builder();
    }

    @Test
    void aConsumerDiscardsThatSaysSoAndNeitherRetriesNorDeadLetters() {
        Backend memory = MemoryBroker.create()
                .open(new BackendContext("c", runtime, LOGGER, new MessagingObserver() {}, Duration.ofSeconds(1)));
        RetryPolicy retry = RetryPolicy.exponential(1, Duration.ofSeconds(1));
        List<ConsumerOptionsBuilder> all = List.of(
                options().exhausted(ExhaustedPolicy.DISCARD),
                options(),
                options().exhausted(ExhaustedPolicy.STOP),
                options().exhausted(ExhaustedPolicy.DISCARD).retry(retry),
                options().deadLetterQueue("dead"));
        try (CoreClient client = OverAdapter.client(runtime, noting(memory), LOGGER)) {
            all.forEach(
                    each -> client.consumer("g-" + specs.size(), each.build()).subscribe("orders", message -> {}));
        }
        assertThat(specs).extracting(ConsumerSpec::discards).containsExactly(true, false, false, false, false);
    }
}
