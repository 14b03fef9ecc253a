package io.microservicekit.messaging.it.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables of {@code docs/configuration.md}: each stands behind a comment that says what it lists. */
final class OptionTables {
    private static final Path FILE = Path.of("..", "docs", "configuration.md");

    private final Map<String, List<List<String>>> tables = new LinkedHashMap<>();

    private OptionTables() {}

    static OptionTables read() {
        OptionTables result = new OptionTables();
        List<List<String>> current = new ArrayList<>();
        for (String line : lines()) {
            if (line.startsWith("<!-- options: ") || line.startsWith("<!-- keys: ")) {
                current = new ArrayList<>();
                result.tables.put(line.substring(5, line.length() - 4), current);
            } else if (line.startsWith("| `")) {
                current.add(cells(line));
            }
        }
        return result;
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> cells(String row) {
        List<String> cells = new ArrayList<>();
        for (String cell : row.substring(1, row.length() - 1).split("\\|", -1)) {
            cells.add(cell.strip().replace("`", ""));
        }
        return cells;
    }

    /** The markers of all tables. */
    List<String> names() {
        return new ArrayList<>(tables.keySet());
    }

    /** The rows of a table without its head; the first cell is the name. */
    List<List<String>> rows(String name) {
        List<List<String>> rows = tables.get(name);
        if (rows == null) {
            throw new IllegalArgumentException("docs/configuration.md has no table behind <!-- " + name + " -->");
        }
        return rows;
    }
}
