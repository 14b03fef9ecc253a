package io.microservicekit.messaging.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeSnippetsTest {
    private static final String QUICK_START = "QuickStart.java#quickstart";
    private static final int MOST_LINES = 15;
    /** The blocks of Go in the README of the Go library. */
    private static final int GO_SNIPPETS = 13;
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
        assertThat(shownAsCompiled(readme)).contains(QUICK_START);
    }

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            return files.filter(file -> file.toString().endsWith(".md")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aDocumentShowsEverySnippetAsItIsCompiled(Path document) throws IOException {
        assertThat(shownAsCompiled(document)).doesNotHaveDuplicates();
    }

    @Test
    void theMigrationPageShowsCompiledJavaOnly() throws IOException {
        Path page = ROOT.resolve("docs/migrating-from-go.md");
        long java = Pattern.compile("^```java$", Pattern.MULTILINE)
                .matcher(Files.readString(page))
                .results()
                .count();
        assertThat(shownAsCompiled(page)).hasSize((int) java);
    }

    private List<String> shownAsCompiled(Path document) throws IOException {
        List<Snippets.Block> shown = Snippets.shownIn(Files.readString(document));
        for (Snippets.Block block : shown) {
            assertThat(block.code())
                    .as(document.getFileName() + ": " + block.name())
                    .isEqualTo(snippets.region(block.name()));
        }
        return shown.stream().map(Snippets.Block::name).toList();
    }

    @Test
    void eachGoSnippetOfTheMigrationPageHasAJavaTwin() throws IOException {
        String[] sections =
                Files.readString(ROOT.resolve("docs/migrating-from-go.md")).split("\n## ", -1);
        assertThat(Stream.of(sections).filter(section -> section.contains("```go\n")))
                .hasSize(GO_SNIPPETS)
                .allSatisfy(section -> assertThat(section).contains("```java\n"));
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
