package io.microservicekit.messaging.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a subscription whose loops do not answer. */
class EndingTest {
    private static final System.Logger LOGGER = System.getLogger("EndingTest");

    private final ClientRuntime runtime = new SystemRuntime(null, LOGGER).scope("ending");

    @AfterEach
    void end() {
        runtime.close();
    }

    /** As the runtime, but its next threads cannot be started. */
    private ClientRuntime withoutMemoryForThreads() {
        return (ClientRuntime) Proxy.newProxyInstance(
                ClientRuntime.class.getClassLoader(), new Class<?>[] {ClientRuntime.class}, (proxy, method, args) -> {
                    if (method.getName().equals("ioThread")) {
                        throw new OutOfMemoryError("planted: unable to create native thread");
                    }
                    return method.invoke(runtime, args);
                });
    }

    @Test
    void whoeverWaitsIsToldWhenNoThreadCanBeHadForIt() {
        EngineParts parts = new EngineParts(
                "orders",
                "group",
                withoutMemoryForThreads(),
                runtime.loop("control"),
                ConsumerOptions.defaults(),
                message -> {},
                letter -> new CompletableFuture<>(),
                new MessagingObserver() {},
                LOGGER);
        Ending ending = new Ending(parts, runtime.loop("orders"));
        CompletableFuture<Void> ready = ending.ready();
        CompletableFuture<Void> completion = ending.completion();
        assertThatCode(ending::abandon).doesNotThrowAnyException();
        assertThat(ending.report()).isCompleted();
        assertThat(ready).isCompletedExceptionally();
        assertThat(completion).isCompletedExceptionally();
    }
}
