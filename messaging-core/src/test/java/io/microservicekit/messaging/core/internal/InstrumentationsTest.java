package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.Instrumentation;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.observe.MessagingObserver;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.InstrumentationProvider;
import io.microservicekit.messaging.api.trace.MessageTracer;
import io.microservicekit.messaging.core.SimpleTracer;
import io.microservicekit.messaging.core.internal.runtime.SystemRuntime;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tracer and which observers a client gets. */
class InstrumentationsTest {
    private static final MessageTracer TRACER = new SimpleTracer();
    private static final MessagingObserver OBSERVER = new MessagingObserver() {};

    private final System.Logger logger = System.getLogger("InstrumentationsTest");
    private final ClientRuntime runtime = new SystemRuntime(null, logger);
    private boolean tracing;
    private boolean meters;
    private @Nullable MessageTracer tracer;
    private List<Instrumentation> given = List.of();

    private Instrumentations with(InstrumentationProvider... providers) {
        return Instrumentations.of(settings(), List.of(providers));
    }

    private InstrumentationSettings settings() {
        return new InstrumentationSettings(tracing, meters, tracer, given, SimpleTracer::new);
    }

    @Test
    void whatIsPresentButNotAskedForGivesNothing() {
        assertThat(with(Traces::new, Meters::new).tracer(runtime)).isNull();
        assertThat(with(Traces::new, Meters::new).observers()).isEmpty();
    }

    @Test
    void tracingTakesTheOnlyOneWithATracer() {
        tracing = true;
        assertThat(with(Traces::new, Meters::new).tracer(runtime)).isSameAs(TRACER);
        assertThat(with(Traces::new, Meters::new).observers()).isEmpty();
    }

    @Test
    void tracingWithNothingThereIsASimpleTracer() {
        tracing = true;
        assertThat(with().tracer(runtime)).isInstanceOf(SimpleTracer.class);
        assertThat(with(Meters::new).tracer(runtime)).isInstanceOf(SimpleTracer.class);
    }

    @Test
    void twoTracersAreAnErrorThatNamesBoth() {
        tracing = true;
        assertInvalid(() -> with(Traces::new, Both::new).tracer(runtime), Traces.class.getName(), Both.class.getName());
    }

    @Test
    void metersAddAllObserversFound() {
        meters = true;
        assertThat(with(Traces::new, Meters::new, Both::new).observers()).containsExactly(OBSERVER, OBSERVER);
        assertThat(with(Traces::new, Meters::new, Both::new).tracer(runtime)).isNull();
    }

    @Test
    void metersWithNothingThereAddNothing() {
        meters = true;
        assertThat(with().observers()).isEmpty();
        assertThat(with(Traces::new).observers()).isEmpty();
        assertThat(with().tracer(runtime)).isNull();
    }

    @Test
    void whatIsGivenWinsOverWhatIsFound() {
        tracing = true;
        given = List.of(new Traces());
        assertThat(with(Both::new).tracer(runtime)).isSameAs(TRACER);
        tracer = new SimpleTracer();
        assertThat(with(Both::new, Traces::new).tracer(runtime)).isSameAs(tracer);
    }

    @Test
    void whatIsGivenNeedsNoDiscoveryAndIsNotAddedAgainByIt() {
        given = List.of(new Both());
        assertThat(with().tracer(runtime)).isSameAs(TRACER);
        assertThat(with().observers()).containsExactly(OBSERVER);
        meters = true;
        assertThat(with(Both::new).observers()).containsExactly(OBSERVER);
    }

    @Test
    void twoTracersGivenAreAnErrorUnlessOneIsChosen() {
        given = List.of(new Both(), new Traces());
        assertInvalid(() -> with().tracer(runtime), Traces.class.getName(), "tracer(..)");
        tracer = TRACER;
        assertThat(with().tracer(runtime)).isSameAs(TRACER);
    }

    @Test
    void aProviderThatFailsIsNamedWithTheReason() {
        tracing = true;
        InstrumentationProvider failing = () -> {
            throw new IllegalStateException("no exporter");
        };
        assertInvalid(() -> with(failing), "no exporter", failing.getClass().getName());
    }

    private static void assertInvalid(Runnable attempt, String... parts) {
        assertThatThrownBy(attempt::run)
                .hasMessageContainingAll(parts)
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG));
    }

    @Test
    void aProviderIsFoundByTheServiceLoaderAndOnlyWhenItIsAskedFor(@TempDir Path directory) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(InstrumentationProvider.class.getName()),
                "no.such.Provider\n" + Found.class.getName());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        URL[] urls = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            assertThat(Instrumentations.of(settings(), logger).tracer(runtime)).isNull();
            meters = true;
            assertThat(Instrumentations.of(settings(), logger).observers()).containsExactly(OBSERVER);
            tracing = true;
            assertThat(Instrumentations.of(settings(), logger).tracer(runtime)).isSameAs(TRACER);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** Found by its name. */
    public static final class Found implements InstrumentationProvider {
        @Override
        public Instrumentation create() {
            return new Both();
        }
    }

    private record Traces() implements Instrumentation {
        @Override
        public MessageTracer tracer() {
            return TRACER;
        }

        @Override
        public @Nullable MessagingObserver observer() {
            return null;
        }
    }

    private record Meters() implements Instrumentation {
        @Override
        public @Nullable MessageTracer tracer() {
            return null;
        }

        @Override
        public MessagingObserver observer() {
            return OBSERVER;
        }
    }

    private record Both() implements Instrumentation {
        @Override
        public MessageTracer tracer() {
            return TRACER;
        }

        @Override
        public MessagingObserver observer() {
            return OBSERVER;
        }
    }
}
