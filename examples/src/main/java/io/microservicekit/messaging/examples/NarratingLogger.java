package io.microservicekit.messaging.examples;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Makes the library's warnings lines of the story, one each. */
final class NarratingLogger implements System.Logger {
    private final Narrator narrator;

    NarratingLogger(Narrator narrator) {
        this.narrator = narrator;
    }

    @Override
    public String getName() {
        return "orders-demo";
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= Level.WARNING.getSeverity() && level != Level.OFF;
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            String text = String.valueOf(message) + (thrown == null ? "" : " (" + thrown.getMessage() + ")");
            narrator.say(level == Level.WARNING ? "log: warning" : "log: error", text.replaceAll("\\R.*", " ..."));
        }
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object @Nullable ... values) {
        log(level, bundle, values == null || format == null ? format : MessageFormat.format(format, values), (Throwable)
                null);
    }
}
