package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;

/** The version of the kafka-clients jar that is really there: dependency managers lower versions silently. */
final class ClientVersion {
    /** Up to 4.1.1 an expired batch can land in another topic (CVE-2026-35554). */
    static final String FLOOR = "4.2.0";

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    private final String version;

    ClientVersion(String version) {
        this.version = version;
    }

    /** The driver's own class for it moved between packages, its file did not. */
    static ClientVersion present() {
        Properties properties = new Properties();
        try (InputStream file = KafkaProducer.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            return new ClientVersion("unknown (" + e.getMessage() + ")");
        }
        return new ClientVersion(properties.getProperty("version", "unknown"));
    }

    void check() {
        if (number(version) < number(FLOOR)) {
            throw new InvalidConfigurationException(
                    ErrorCode.INVALID_CONFIG,
                    "Opening the Kafka backend failed: the kafka-clients jar on the class or module path has version "
                            + version
                            + ", at least " + FLOOR
                            + " is needed (older ones can write an expired message into another topic). Pin org.apache.kafka:kafka-clients"
                            + " in your build; a dependency manager may have lowered it.");
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
