package io.microservicekit.messaging.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/faults.md, docs/delivery-guarantees.md and docs/observability.md say about tests. */
class FaultDocumentsTest {
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern ROW = Pattern.compile("^\\| (F\\d+) \\|", Pattern.MULTILINE);
    private static final Pattern FAULT =
            Pattern.compile("@Fault\\(([^)]*)\\)(?:\\s*@\\w+(?:\\([^)]*\\))?)*\\s*(?:protected )?"
                    + "(?:void (\\w+)|(?:public )?(?:abstract |final )?class (\\w+))");
    private static final int ROWS = 42;

    private final Path root = root();
    private final Map<String, String> tests = sources();

    @Test
    void eachNamedTestExists() {
        assertThat(missing("`FaultDocumentsTest#eachNamedTestExists` `FaultDocumentsTest#planted` `PlantedTest#a`"))
                .containsExactly("FaultDocumentsTest#planted", "PlantedTest#a");

        for (String document : List.of("faults.md", "delivery-guarantees.md", "observability.md")) {
            String text = read(root.resolve("docs").resolve(document));
            assertThat(NAMED.matcher(text).results()).as(document).hasSizeGreaterThan(10);
            assertThat(missing(text)).as(document).isEmpty();
        }
    }

    private List<String> missing(String text) {
        return NAMED.matcher(text)
                .results()
                .filter(named -> !exists(named.group(1), named.group(2)))
                .map(named -> named.group(1) + "#" + named.group(2))
                .toList();
    }

    private boolean exists(String type, String method) {
        return Pattern.compile("void " + method + "\\(")
                .matcher(tests.getOrDefault(type, ""))
                .find();
    }

    @Test
    void eachRowIsThereOnceInOrderAndIsCoveredOrSaysWhyNot() {
        String text = read(root.resolve("docs/faults.md"));
        assertThat(ROW.matcher(text).results().map(row -> row.group(1)))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, ROWS)
                        .mapToObj(row -> "F" + row)
                        .toList());
        assertThat(rows(text))
                .allSatisfy((row, line) -> assertThat(line)
                        .as(row)
                        .containsPattern("`\\w+#\\w+`|not covered|RabbitMQ only|the tests of F1"));
    }

    @Test
    void eachTestThatSaysItCoversARowStandsInIt() {
        Map<String, String> rows = rows(read(root.resolve("docs/faults.md")));
        List<String> absent = new ArrayList<>();
        tests.forEach((type, source) -> FAULT.matcher(source)
                .results()
                .forEach(mark -> rowsOf(mark).stream()
                        .filter(row -> !isNamed(rows.getOrDefault(row, ""), type, mark.group(2)))
                        .forEach(row -> absent.add(row + " " + type + " " + mark.group(2)))));
        assertThat(absent).isEmpty();
    }

    private static List<String> rowsOf(MatchResult mark) {
        return Pattern.compile("F\\d+")
                .matcher(mark.group(1))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static boolean isNamed(String line, String type, String method) {
        return line.contains("`" + type + "#" + (method == null ? "" : method + "`"))
                || line.contains("the tests of F1");
    }

    private static Map<String, String> rows(String text) {
        Map<String, String> rows = new TreeMap<>();
        text.lines().forEach(line -> {
            Matcher row = ROW.matcher(line);
            if (row.find()) {
                rows.put(row.group(1), line);
            }
        });
        return rows;
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("CONTRIBUTING.md"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    /** The sources of all tests of all modules, by the name of their class. */
    private Map<String, String> sources() {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path directory = module.resolve("src/test/java");
                if (Files.isDirectory(directory)) {
                    addAll(directory, sources);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    private static void addAll(Path directory, Map<String, String> sources) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), read(file)));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
