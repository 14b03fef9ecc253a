package io.microservicekit.messaging.kafka;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads broker addresses ourselves, because the driver repeats what it cannot read, credentials included. */
final class BrokerAddresses {
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9_.-]+):([0-9]+)");
    private static final int MAX_SHOWN = 256;

    private final Set<String> addresses = new LinkedHashSet<>();
    private final List<String> violations = new ArrayList<>();

    private BrokerAddresses() {}

    static BrokerAddresses of(List<String> given) {
        BrokerAddresses result = new BrokerAddresses();
        for (int i = 0; i < given.size(); i++) {
            result.add(i, given.get(i).strip());
        }
        return result;
    }

    /** What could be read, without duplicates. */
    List<String> addresses() {
        return new ArrayList<>(addresses);
    }

    /** One sentence for each address that could not be read, free of credentials. */
    List<String> violations() {
        return violations;
    }

    private void add(int index, String address) {
        String problem = problem(address);
        if (problem == null) {
            addresses.add(address);
        } else {
            violations.add("brokers[" + index + "] '" + redacted(address) + "': " + problem);
        }
    }

    private static @Nullable String problem(String address) {
        if (address.isEmpty()) {
            return "is blank, must be host:port";
        }
        if (address.indexOf('@') >= 0) {
            return "has credentials, must be host:port (set them by sasl(..))";
        }
        if (address.contains("://")) {
            return "has a scheme, must be host:port (set TLS by tls(..))";
        }
        Matcher matcher = HOST_AND_PORT.matcher(address);
        if (!matcher.matches()) {
            return "must be host:port, an IPv6 address in brackets as [::1]:9092";
        }
        String port = matcher.group(2);
        boolean valid = port.length() <= 5 && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65_535;
        return valid ? null : "port " + port + " is out of range, must be from 1 to 65535";
    }

    /** Only the last {@code @} ends the user information: passwords may contain one. */
    private static String redacted(String address) {
        int at = address.lastIndexOf('@');
        if (at < 0) {
            return printable(address);
        }
        int scheme = address.indexOf("://");
        int start = scheme >= 0 && scheme < at ? scheme + 3 : 0;
        int colon = address.indexOf(':', start);
        String user = colon >= 0 && colon < at ? address.substring(start, colon) : "";
        return printable(address.substring(0, start) + user + ":***" + address.substring(at));
    }

    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars()
                .limit(MAX_SHOWN)
                .forEach(c -> shown.append(Character.isISOControl(c) ? String.format("\\u%04x", c) : (char) c + ""));
        return shown.toString();
    }
}
