package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.core.MessagingClientBuilder;
import io.microservicekit.messaging.core.MessagingClients;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An opening that fails by an error, as a driver whose jar is incomplete does, leaves nothing behind. */
class ClientOpeningTest {
    private final ScriptedAdapter adapter = new ScriptedAdapter();
    private final List<ClientRuntime> runtimes = new ArrayList<>();

    @TempDir
    private Path directory;

    private static NoClassDefFoundError missingClass() {
        return new NoClassDefFoundError("of/the/Driver");
    }

    private void fails(Consumer<MessagingClientBuilder> opening, Function<BackendContext, Backend> backend)
            throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(BackendProvider.class.getName()), Provider.class.getName());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        URL[] urls = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            Options options = new Options(context -> {
                runtimes.add(context.runtime());
                return backend.apply(context);
            });
            assertThatExceptionOfType(NoClassDefFoundError.class)
                    .isThrownBy(() -> opening.accept(MessagingClients.builder().backend(options)));
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(runtimes).hasSize(1);
        assertThatExceptionOfType(ClosedException.class)
                .as("threads of a client that is not there")
                .isThrownBy(() -> runtimes.get(0).loop("late"));
    }

    @Test
    void whenTheBackendCannotBeOpenedTheThreadsEnd() throws IOException {
        fails(MessagingClientBuilder::build, context -> {
            throw missingClass();
        });
    }

    @Test
    void whenTheBackendCannotBeAskedItIsClosed() throws IOException {
        adapter.probing = () -> {
            throw missingClass();
        };
        fails(MessagingClientBuilder::build, context -> adapter);
        assertThat(adapter.closed).isTrue();
    }

    @Test
    void whenTheOnlyProducerCannotBeMadeItsClientIsClosed() throws IOException {
        adapter.producing = () -> {
            throw missingClass();
        };
        fails(MessagingClientBuilder::openProducer, context -> adapter);
        assertThat(adapter.closed).isTrue();
    }

    private record Options(Function<BackendContext, Backend> opening) implements BackendOptions {
        @Override
        public String backendType() {
            return "scripted";
        }
    }

    /** Found by its name. */
    public static final class Provider implements BackendProvider {
        @Override
        public String type() {
            return "scripted";
        }

        @Override
        public Class<? extends BackendOptions> optionsType() {
            return Options.class;
        }

        @Override
        public Set<String> keys() {
            return Set.of();
        }

        @Override
        public BackendOptions options(Settings settings) {
            return new Options(context -> {
                throw missingClass();
            });
        }

        @Override
        public Backend open(BackendOptions options, BackendContext context) {
            return ((Options) options).opening().apply(context);
        }
    }
}
