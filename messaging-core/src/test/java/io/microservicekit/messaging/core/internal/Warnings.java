package io.microservicekit.messaging.core.internal;

import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** A logger that keeps its lines in a list. */
final class Warnings implements System.Logger {
    private final List<String> lines;

    Warnings(List<String> lines) {
        this.lines = lines;
    }

    @Override
    public String getName() {
        return "warnings";
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
