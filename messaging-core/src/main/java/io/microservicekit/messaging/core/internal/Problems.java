package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Everything that is wrong with a configuration, so that one error can say it all. */
final class Problems {
    private final List<String> texts = new ArrayList<>();
    private final List<InvalidConfigurationException> errors = new ArrayList<>();

    void add(String text) {
        texts.add(text);
    }

    void addAll(Collection<String> more) {
        texts.addAll(more);
    }

    void add(InvalidConfigurationException error) {
        errors.add(error);
    }

    /** An error that is alone keeps its own code; among others it stays findable by its code. */
    void throwIfAny(String attempt) {
        if (texts.isEmpty() && errors.size() == 1) {
            throw errors.get(0);
        }
        if (texts.isEmpty() && errors.isEmpty()) {
            return;
        }
        List<String> all = new ArrayList<>(texts);
        errors.forEach(error -> all.add(clause(error)));
        InvalidConfigurationException whole = new InvalidConfigurationException(
                ErrorCode.INVALID_CONFIG, attempt + " failed: " + String.join("; ", all) + ".");
        errors.forEach(whole::addSuppressed);
        throw whole;
    }

    private static String clause(InvalidConfigurationException error) {
        String text = String.valueOf(error.getMessage());
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
