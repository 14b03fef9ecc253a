package io.microservicekit.messaging.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Regions of source files, and the fenced blocks of a text that claim to show them. */
final class Snippets {
    private static final Pattern SHOWN = Pattern.compile(
            "^<!-- snippet: (?<name>\\S+#\\S+) -->\\n+```java\\n(?<code>.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern MARKER = Pattern.compile("<!-- snippet:[^>]*\\.java");

    private final Path sources;

    Snippets(Path sources) {
        this.sources = sources;
    }

    /** A block of a text: the region it claims to show, such as {@code QuickStart.java#quickstart}, and its code. */
    record Block(String name, String code) {}

    static List<Block> shownIn(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = SHOWN.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group("name"), matcher.group("code")));
        }
        long markers = MARKER.matcher(text).results().count();
        if (markers != blocks.size()) {
            throw new IllegalArgumentException(
                    markers + " snippet markers, but " + blocks.size() + " of them stand right before a block of java");
        }
        return blocks;
    }

    /** A region between its two comments, without the indentation its lines have in common. */
    String region(String name) throws IOException {
        String[] parts = name.split("#", 2);
        List<String> lines = Files.readAllLines(file(parts[0]));
        int begin = lineWith(lines, "// tag::" + parts[1] + "[]", name);
        int end = lineWith(lines, "// end::" + parts[1] + "[]", name);
        return String.join("\n", lines.subList(begin + 1, end)).stripIndent() + "\n";
    }

    private Path file(String name) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.endsWith(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no file " + name + " below " + sources));
        }
    }

    private static int lineWith(List<String> lines, String comment, String name) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(comment)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no line '" + comment + "' for " + name);
    }
}
