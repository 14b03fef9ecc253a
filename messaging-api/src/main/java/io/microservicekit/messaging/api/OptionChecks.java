package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects all violations of a set of options, so that one error names them all. */
final class OptionChecks {
    private final String what;
    private final List<String> violations = new ArrayList<>();

    OptionChecks(String what) {
        this.what = what;
    }

    void range(String option, Duration value, Duration min, Duration max) {
        require(
                value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                option + " is " + value + ", must be from " + min + " to " + max);
    }

    void range(String option, long value, long min, long max) {
        require(value >= min && value <= max, option + " is " + value + ", must be from " + min + " to " + max);
    }

    /** A topic or queue, null when there is none. */
    void name(String option, @Nullable String name) {
        require(name == null || !name.isBlank(), option + " is blank, must name a topic or queue");
        require(
                name == null || name.chars().noneMatch(Character::isISOControl),
                option + " '" + Shown.text(name) + "' has control characters, must have none");
    }

    void require(boolean condition, String violation) {
        if (!condition) {
            violations.add(violation);
        }
    }

    void done() {
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG, "Building " + what + " failed: " + String.join("; ", violations) + ".");
        }
    }
}
