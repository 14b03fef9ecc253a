package io.microservicekit.messaging.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.BackendProvider;
import io.microservicekit.messaging.api.spi.Settings;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {
    private final System.Logger logger = System.getLogger("ProvidersTest");

    @Test
    void theInMemoryBackendOfTheTestkitIsFound() {
        assertThat(Providers.find(logger).ofType("memory").type()).isEqualTo("memory");
    }

    @Test
    void anUnknownTypeListsWhatWasFoundAndTheArtifactToAdd() {
        assertThatThrownBy(
                        () -> Providers.of(List.of(new First(), new Second())).ofType("rabbitmq"))
                .hasMessageContaining("[first, second]")
                .hasMessageContaining("io.microservicekit:messaging-rabbitmq")
                .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.UNSUPPORTED_TYPE))
                        .isTrue());
    }

    @Test
    void twoProvidersOfOneTypeAreAnErrorThatNamesBoth() {
        assertThatThrownBy(() ->
                        Providers.of(List.of(new First(), new AlsoFirst())).ofType("first"))
                .hasMessageContaining(First.class.getName())
                .hasMessageContaining(AlsoFirst.class.getName())
                .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.INVALID_CONFIG))
                        .isTrue());
    }

    @Test
    void optionsOfTheWrongClassAreRefusedNamingBothClasses() {
        BackendOptions foreign = () -> "first";
        assertThatThrownBy(() -> Providers.of(List.of(new First())).forOptions(foreign))
                .hasMessageContaining(FirstOptions.class.getName())
                .satisfies(e -> assertThat(MessagingException.is(e, ErrorCode.INVALID_CONFIG))
                        .isTrue());
    }

    @Test
    void aProviderThatCannotBeLoadedDoesNotHideTheOthers(@TempDir Path directory) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(BackendProvider.class.getName()), "no.such.Provider\n");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        URL[] urls = {directory.toUri().toURL()};
        try (URLClassLoader broken = new URLClassLoader(urls, before)) {
            Thread.currentThread().setContextClassLoader(broken);
            assertThat(Providers.find(logger).ofType("memory").type()).isEqualTo("memory");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private record FirstOptions() implements BackendOptions {
        @Override
        public String backendType() {
            return "first";
        }
    }

    private static class First implements BackendProvider {
        @Override
        public String type() {
            return "first";
        }

        @Override
        public Class<? extends BackendOptions> optionsType() {
            return FirstOptions.class;
        }

        @Override
        public Set<String> keys() {
            return Set.of();
        }

        @Override
        public BackendOptions options(Settings settings) {
            return new FirstOptions();
        }

        @Override
        public Backend open(BackendOptions options, BackendContext context) {
            throw new UnsupportedOperationException("never opened here");
        }
    }

    private static final class AlsoFirst extends First {}

    private static final class Second extends First {
        @Override
        public String type() {
            return "second";
        }
    }
}
