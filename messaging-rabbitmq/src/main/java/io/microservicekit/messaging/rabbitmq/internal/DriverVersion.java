package io.microservicekit.messaging.rabbitmq.internal;

import com.rabbitmq.client.impl.ClientVersion;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the amqp-client jar that is really there: dependency managers lower versions silently. */
final class DriverVersion {
    /** Older ones trust every certificate (CVE-2026-69219). */
    static final String FLOOR = "5.33.1";

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    private final String version;

    DriverVersion(String version) {
        this.version = version;
    }

    static DriverVersion present() {
        return new DriverVersion(ClientVersion.VERSION);
    }

    void check() {
        if (number(version) < number(FLOOR)) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Opening the RabbitMQ backend failed: the amqp-client jar on the class or module path has version "
                            + version + ", at least " + FLOOR
                            + " is needed (older ones trust every certificate). Pin com.rabbitmq:amqp-client in your build; a dependency"
                            + " manager may have lowered it.");
        }
    }

    private static long number(String version) {
        Matcher matcher = NUMBERS.matcher(version);
        if (!matcher.matches()) {
            return 0;
        }
        String patch = matcher.group(3);
        return (Long.parseLong(matcher.group(1)) * 1_000 + Long.parseLong(matcher.group(2))) * 1_000
                + (patch == null ? 0 : Long.parseLong(patch));
    }
}
