package io.microservicekit.messaging.core;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** A logger that keeps what is logged, so that tests can read it and print nothing. */
public class RecordedLog implements System.Logger {
    private final List<String> lines = new ArrayList<>();

    /** Each as its level and its text. */
    public List<String> lines() {
        return lines;
    }

    /** Those with a text in them. */
    public List<String> containing(String text) {
        return lines.stream().filter(line -> line.contains(text)).toList();
    }

    @Override
    public String getName() {
        return "recorded";
    }

    @Override
    public boolean isLoggable(Level level) {
        return true;
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
        lines.add(level + " " + text);
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... params) {
        lines.add(level + " " + format);
    }
}
