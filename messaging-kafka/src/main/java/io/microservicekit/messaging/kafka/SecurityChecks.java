package io.microservicekit.messaging.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Encryption and credentials: which protocol they ask for, and where what was given would be ignored or said twice. */
final class SecurityChecks {
    static final String PROTOCOL = "security.protocol";

    private SecurityChecks() {}

    static List<String> problems(KafkaOptionsBuilder given) {
        List<String> problems = new ArrayList<>();
        if (given.properties.containsKey(PROTOCOL) && (given.tls != null || given.sasl != null)) {
            problems.add("tls(..) and sasl(..) decide on property '" + PROTOCOL + "'; leave it out");
        }
        if (given.tls != null && has(given, "ssl.")) {
            problems.add("tls(..) and the properties ssl.* say the same thing; give one of them");
        }
        if (given.sasl != null && has(given, "sasl.")) {
            problems.add("sasl(..) and the properties sasl.* say the same thing; give one of them");
        }
        if (given.sasl != null && given.sasl.user().isEmpty()) {
            problems.add("sasl(..) has an empty user");
        }
        if (given.sasl != null && given.sasl.user().chars().anyMatch(Character::isISOControl)) {
            problems.add("sasl(..) has a control character in its user '" + BrokerAddresses.printable(given.sasl.user())
                    + "'");
        }
        addIgnored(given, problems);
        return problems;
    }

    /** The driver would say nothing, and connect without. */
    private static void addIgnored(KafkaOptionsBuilder given, List<String> problems) {
        String protocol = protocol(given).orElse("PLAINTEXT").toUpperCase(Locale.ROOT);
        if (has(given, "ssl.") && !protocol.endsWith("SSL")) {
            problems.add(
                    "the properties ssl.* would be ignored, since the connections are not encrypted; use tls(..), or property '"
                            + PROTOCOL + "'");
        }
        if (has(given, "sasl.") && !protocol.startsWith("SASL")) {
            problems.add("the properties sasl.* would be ignored, since property '" + PROTOCOL + "' is " + protocol
                    + "; make it SASL_SSL");
        }
    }

    /** What typed options and properties ask for together; empty when nothing was said. */
    static Optional<String> protocol(KafkaOptionsBuilder given) {
        String passed = given.properties.get(PROTOCOL);
        if (passed != null) {
            return Optional.of(passed);
        }
        boolean sasl = given.sasl != null || given.properties.containsKey("sasl.mechanism");
        if (given.tls != null) {
            return Optional.of(sasl ? "SASL_SSL" : "SSL");
        }
        return given.sasl != null ? Optional.of("SASL_PLAINTEXT") : Optional.empty();
    }

    private static boolean has(KafkaOptionsBuilder given, String prefix) {
        return given.properties.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }
}
