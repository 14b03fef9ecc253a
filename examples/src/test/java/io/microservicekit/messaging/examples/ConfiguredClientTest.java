package io.microservicekit.messaging.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What documents and Javadoc show of configurations is code that is compiled. */
class ConfiguredClientTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private final Snippets snippets = new Snippets(ROOT.resolve("examples/src"));

    @Test
    void theDocumentShowsItAsItIsCompiled() throws IOException {
        List<Snippets.Block> shown = Snippets.shownIn(Files.readString(ROOT.resolve("docs/configuration.md")));

        assertThat(shown).isNotEmpty();
        for (Snippets.Block block : shown) {
            assertThat(block.code()).isEqualTo(snippets.region(block.name()));
        }
    }

    @Test
    void theJavadocShowsItAsItIsCompiled() throws IOException {
        String source = Files.readString(
                ROOT.resolve("messaging-core/src/main/java/io/microservicekit/messaging/core/MessagingConfig.java"));
        String shown = source.substring(source.indexOf("<pre>{@code\n") + 12, source.indexOf(" * }</pre>"));

        assertThat(shown.lines()
                        .map(line -> line.replaceFirst("^ \\* ?", ""))
                        .collect(Collectors.joining("\n", "", "\n")))
                .isEqualTo(snippets.region("ConfiguredClient.java#configured"));
    }
}
