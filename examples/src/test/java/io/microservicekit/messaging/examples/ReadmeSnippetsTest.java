package io.microservicekit.messaging.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeSnippetsTest {
    private static final String QUICK_START = "QuickStart.java#quickstart";
    private static final int MOST_LINES = 15;
    /** Tests of a module run in its directory. */
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private final Snippets snippets = new Snippets(ROOT.resolve("examples/src"));

    static Stream<Path> readmes() {
        return Stream.concat(
                Stream.of(ROOT.resolve("README.md")),
                Stream.of(ROOT.resolve("README.zh-CN.md")).filter(Files::exists));
    }

    @ParameterizedTest
    @MethodSource("readmes")
    void aReadmeShowsTheQuickStartAndEverySnippetAsItIsCompiled(Path readme) throws IOException {
        List<Snippets.Block> shown = Snippets.shownIn(Files.readString(readme));

        assertThat(shown).extracting(Snippets.Block::name).contains(QUICK_START);
        for (Snippets.Block block : shown) {
            assertThat(block.code())
                    .as(readme.getFileName() + ": " + block.name())
                    .isEqualTo(snippets.region(block.name()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {QUICK_START, "OrderHandlerTest.java#virtualtime"})
    void theExamplesForReadersAreShort(String name) throws IOException {
        assertThat(snippets.region(name).lines()).hasSizeBetween(1, MOST_LINES);
    }

    @Test
    void aMarkerWithoutItsBlockIsNoticed() {
        assertThatThrownBy(() -> Snippets.shownIn("<!-- snippet: A.java#a -->\nSome text.\n```java\ncode\n```\n"))
                .hasMessageContaining("1 snippet markers, but 0");
    }

    @Test
    void aBlockIsReadVerbatim() {
        assertThat(Snippets.shownIn("# T\n\n<!-- snippet: A.java#a -->\n```java\nint a;\n\n    int b;\n```\nMore.\n"))
                .containsExactly(new Snippets.Block("A.java#a", "int a;\n\n    int b;\n"));
    }
}
