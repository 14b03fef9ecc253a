package io.microservicekit.messaging.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints the story, a line for each step with the time since the start. Thread-safe. */
final class Narrator {
    private final PrintStream out;
    private final long start = System.nanoTime();

    Narrator(PrintStream out) {
        this.out = out;
    }

    void title(String text) {
        out.printf("%n%s%n", text);
    }

    void say(String step, String text) {
        out.printf(Locale.ROOT, "%8.3f s  %-13s %s%n", (System.nanoTime() - start) / 1e9, step, text);
    }

    void row(String name, @Nullable Object value) {
        out.printf("            %-22s %s%n", name, String.valueOf(value));
    }

    void verdict(boolean holds, String promise) {
        out.printf("  %-6s %s%n", holds ? "ok" : "BROKEN", promise);
    }

    void end(String text) {
        out.printf("%n%s%n", text);
        out.flush();
    }

    /** A duration as people write it, to the millisecond. */
    static String seconds(Duration duration) {
        String text = String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9);
        return text.replaceAll("\\.?0+$", "") + " s";
    }
}
