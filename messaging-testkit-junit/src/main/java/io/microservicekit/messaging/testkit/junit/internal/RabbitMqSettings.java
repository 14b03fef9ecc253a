package io.microservicekit.messaging.testkit.junit.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings of a node: {@code rabbitmq.conf}, and what only {@code advanced.config} takes. */
public final class RabbitMqSettings {
    private static final long DEFAULT_MEMORY = 512L * 1024 * 1024;

    /** What the fixture itself relies on: where the node listens and logs, and the limit that an alarm changes. */
    private static final List<String> RESERVED =
            List.of("listeners.", "ssl_options.", "log.", "vm_memory_high_watermark.", "disk_free_limit.");

    private final Map<String, String> chosen = new LinkedHashMap<>();
    private final Map<String, String> advanced = new LinkedHashMap<>();
    private long memory = DEFAULT_MEMORY;
    private @Nullable Path identity;
    private @Nullable Path authority;
    private boolean clientCertificates;

    /** No setting is chosen yet. */
    public RabbitMqSettings() {}

    /** Chooses one setting over the node's default. */
    public void put(String name, String value) {
        if (RESERVED.stream().anyMatch(name::startsWith)) {
            throw refused(name, value, "the fixture owns it; choose any setting but those that begin with " + RESERVED);
        }
        if (!name.matches("[A-Za-z0-9_.]+") || value.contains("\n")) {
            throw refused(
                    name, value, "give a name of rabbitmq.conf, such as consumer_timeout, and a value of one line");
        }
        chosen.put(name, value);
    }

    private static IllegalArgumentException refused(String name, String value, String reason) {
        return new IllegalArgumentException(
                "setting '" + name + "' of a RabbitMQ node to '" + value + "' was refused: " + reason);
    }

    /** Chooses one setting of the application {@code rabbit} that only {@code advanced.config} takes. */
    public void advanced(String name, String term) {
        advanced.put(name, term);
    }

    /** Sets how much memory the node may use before it blocks publishers. */
    public void memory(long bytes) {
        memory = bytes;
    }

    long memory() {
        return memory;
    }

    /** Opens the listener with TLS. */
    public void tls(Path newIdentity, Path newAuthority) {
        identity = newIdentity;
        authority = newAuthority;
    }

    /** Lets the listener with TLS refuse clients that show no certificate. */
    public void clientCertificates() {
        clientCertificates = true;
    }

    boolean hasTls() {
        return identity != null;
    }

    /** Whether {@code rabbitmq.conf} says all, without files of this machine. */
    boolean isPlain() {
        return !hasTls() && advanced.isEmpty();
    }

    /** What was chosen, for a node that listens and logs as its own configuration says. */
    String plainText() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("vm_memory_high_watermark.absolute", String.valueOf(memory));
        all.putAll(chosen);
        return text(all);
    }

    /** The names of the settings that were chosen, in their order. */
    public List<String> chosenNames() {
        List<String> names = new ArrayList<>(chosen.keySet());
        names.addAll(advanced.keySet());
        if (memory != DEFAULT_MEMORY) {
            names.add("memory limit");
        }
        if (hasTls()) {
            names.add("TLS");
        }
        return names;
    }

    /** Writes all files that the node reads. */
    void write(RabbitMqHome home, RabbitMqPorts ports) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listeners.tcp.local", "127.0.0.1:" + ports.amqp());
        all.put("vm_memory_high_watermark.absolute", String.valueOf(memory));
        all.put("disk_free_limit.absolute", "50MB");
        tls(all, home, ports);
        all.putAll(chosen);
        home.write("rabbitmq.conf", text(all));
        home.write("advanced.config", "[{rabbit, [" + terms() + "]}].\n");
        home.write("enabled_plugins", "[].\n");
    }

    private void tls(Map<String, String> all, RabbitMqHome home, RabbitMqPorts ports) {
        if (identity == null || authority == null) {
            all.put("listeners.ssl", "none");
            return;
        }
        // Copies: an installation in a system of its own sees no other directory.
        String own = home.copy(identity, "identity.pem");
        all.put("listeners.ssl.local", "127.0.0.1:" + ports.tls());
        all.put("ssl_options.cacertfile", home.copy(authority, "authority.pem"));
        all.put("ssl_options.certfile", own);
        all.put("ssl_options.keyfile", own);
        all.put("ssl_options.verify", "verify_peer");
        all.put("ssl_options.fail_if_no_peer_cert", String.valueOf(clientCertificates));
    }

    private static String text(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(entry -> entry.getKey() + " = " + entry.getValue())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private String terms() {
        return advanced.entrySet().stream()
                .map(entry -> "{" + entry.getKey() + ", " + entry.getValue() + "}")
                .collect(Collectors.joining(", "));
    }
}
