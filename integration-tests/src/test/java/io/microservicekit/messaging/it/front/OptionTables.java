package io.microservicekit.messaging.it.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of a document: each stands behind a comment that says what it lists. */
final class OptionTables {
    private static final Pattern MARKER = Pattern.compile("<!-- ((?:options|keys|rows): .+) -->");

    private final String document;
    private final Map<String, List<List<String>>> tables = new LinkedHashMap<>();

    private OptionTables(String document) {
        this.document = document;
    }

    /** Those of a file of {@code docs}. */
    static OptionTables read(String document) {
        OptionTables result = new OptionTables(document);
        List<List<String>> current = new ArrayList<>();
        for (String line : lines(document)) {
            Matcher marker = MARKER.matcher(line);
            if (marker.matches()) {
                current = new ArrayList<>();
                result.tables.put(marker.group(1), current);
            } else if (line.startsWith("| `")) {
                current.add(cells(line));
            }
        }
        return result;
    }

    private static List<String> lines(String document) {
        try {
            return Files.readAllLines(Path.of("..", "docs", document));
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
            throw new IllegalArgumentException("docs/" + document + " has no table behind <!-- " + name + " -->");
        }
        return rows;
    }
}
