package io.microservicekit.messaging.core.internal;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** A user's logger that never throws: a line that cannot be written is no reason to stop anything. */
record GuardedLogger(System.Logger logger) implements System.Logger {
    static System.Logger of(System.Logger logger) {
        return logger instanceof GuardedLogger ? logger : new GuardedLogger(logger);
    }

    @Override
    public String getName() {
        return logger.getName();
    }

    @Override
    public boolean isLoggable(Level level) {
        try {
            return logger.isLoggable(level);
        } catch (Throwable broken) {
            return false;
        }
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
        try {
            logger.log(level, bundle, text, thrown == null ? null : OneLineException.of(thrown));
        } catch (Throwable broken) {
            if (thrown != null) {
                // It may be the exception that throws, when it is asked for its text.
                log(level, bundle, text + " (" + thrown.getClass().getName() + ")", (Throwable) null);
            }
        }
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object @Nullable ... params) {
        try {
            logger.log(level, bundle, format, params);
        } catch (Throwable broken) {
            return;
        }
    }
}
