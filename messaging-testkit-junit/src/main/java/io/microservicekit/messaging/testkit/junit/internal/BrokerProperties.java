package io.microservicekit.messaging.testkit.junit.internal;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings of a combined node, alone or one of a few, that starts fast and stays small. */
public final class BrokerProperties {
    static final String CONTROLLER = "CONTROLLER";
    private static final String PROXIED = "PROXIED";

    /** What the fixture itself relies on: where the broker listens, stores, and who it is. */
    private static final List<String> RESERVED = List.of(
            "advertised.listeners",
            "controller.listener.names",
            "controller.quorum.voters",
            "inter.broker.listener.name",
            "listener.security.protocol.map",
            "listeners",
            "log.dirs",
            "node.id",
            "process.roles");

    private static final List<String> INTERNAL_TOPICS =
            List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic");

    private final Map<String, String> chosen = new LinkedHashMap<>();
    private final Map<String, ListenerPlan> listeners = new LinkedHashMap<>();

    /** No setting is chosen yet. */
    public BrokerProperties() {}

    /** Chooses one setting over the fixture's own. */
    public void put(String name, String value) {
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException("setting the broker property '" + name + "' to '" + value
                    + "' was refused: the fixture owns it, as it finds the broker by it; choose any property but "
                    + RESERVED);
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "setting a broker property to '" + value + "' was refused: its name is blank; name a property");
        }
        chosen.put(name, value);
    }

    /** Lets a killed broker come back at once, not after the default session timeout of 9 s. */
    public void fastSessionTimeout() {
        chosen.put("broker.session.timeout.ms", "1000");
        chosen.put("broker.heartbeat.interval.ms", "250");
    }

    /** One more listener beside the one for everybody; a later one of the same name takes its place. */
    public void listen(ListenerPlan listener) {
        listeners.put(listener.name(), listener);
    }

    /** Whoever comes unnamed may do all, that is the fixture; everybody else what an access rule grants. */
    public void accessControl() {
        chosen.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        chosen.put("super.users", "User:ANONYMOUS");
    }

    /** The names of the settings that were chosen, in their order. */
    public List<String> chosenNames() {
        return Stream.concat(chosen.keySet().stream(), listeners.keySet().stream())
                .toList();
    }

    Optional<String> address(String listener) {
        return Optional.ofNullable(listeners.get(listener.toUpperCase(Locale.ROOT)))
                .map(ListenerPlan::address);
    }

    Map<String, String> complete(Path data, NodePlace place) {
        Map<String, String> all = new LinkedHashMap<>();
        identity(all, data, place);
        listeners(all, place);
        replicated(all, place.nodes());
        small(all);
        quick(all, place.nodes());
        listeners.values().forEach(listener -> listener.addTo(all));
        all.putAll(chosen);
        return all;
    }

    static String text(Map<String, String> properties) {
        return properties.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + Objects.requireNonNull(entry.getValue(), entry.getKey()))
                .map(line -> ascii(line.replace("\\", "\\\\")))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String ascii(String line) {
        return line.chars()
                .mapToObj(c -> c < 0x7f ? String.valueOf((char) c) : String.format("\\u%04x", c))
                .collect(Collectors.joining());
    }

    private static void identity(Map<String, String> all, Path data, NodePlace place) {
        all.put("process.roles", "broker,controller");
        all.put("node.id", String.valueOf(place.id()));
        all.put("controller.quorum.voters", place.voters());
        all.put("controller.listener.names", CONTROLLER);
        all.put("inter.broker.listener.name", "PLAINTEXT");
        all.put("log.dirs", data.toString());
        all.put("auto.create.topics.enable", "false");
    }

    private static void listeners(Map<String, String> all, NodePlace place) {
        String listeners = "PLAINTEXT://" + place.ports().brokerAddress();
        String advertised = listeners;
        String protocols = "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT";
        ProxiedListener proxied = place.proxied();
        if (proxied != null) {
            listeners += "," + PROXIED + "://127.0.0.1:" + proxied.port();
            advertised += "," + PROXIED + "://127.0.0.1:" + proxied.advertisedPort();
            protocols += "," + PROXIED + ":PLAINTEXT";
        }
        String controller = CONTROLLER + "://" + place.ports().controllerAddress();
        all.put("listeners", listeners + "," + controller);
        all.put("advertised.listeners", advertised);
        all.put("listener.security.protocol.map", protocols);
    }

    private static void replicated(Map<String, String> all, int nodes) {
        String replicas = String.valueOf(nodes);
        String inSync = String.valueOf(nodes / 2 + 1);
        for (String topic : INTERNAL_TOPICS) {
            all.put(topic + ".num.partitions", "1");
            all.put(topic + ".replication.factor", replicas);
        }
        all.put("transaction.state.log.min.isr", inSync);
        all.put("share.coordinator.state.topic.min.isr", inSync);
        all.put("default.replication.factor", replicas);
        all.put("min.insync.replicas", inSync);
    }

    private static void small(Map<String, String> all) {
        all.put("num.network.threads", "1");
        all.put("num.io.threads", "2");
        all.put("background.threads", "2");
        all.put("num.replica.fetchers", "1");
        all.put("group.coordinator.threads", "1");
        all.put("share.coordinator.threads", "1");
        all.put("log.cleaner.dedupe.buffer.size", "2097152");
        all.put("log.segment.bytes", "16777216");
        all.put("log.index.size.max.bytes", "1048576");
    }

    private static void quick(Map<String, String> all, int nodes) {
        all.put("group.initial.rebalance.delay.ms", "0");
        all.put("group.min.session.timeout.ms", "1000");
        for (String kind : List.of("consumer", "share")) {
            all.put("group." + kind + ".heartbeat.interval.ms", "500");
            all.put("group." + kind + ".min.heartbeat.interval.ms", "500");
            all.put("group." + kind + ".min.session.timeout.ms", "1000");
        }
        all.put("controller.quorum.election.timeout.ms", "500");
        all.put("controller.quorum.fetch.timeout.ms", nodes == 1 ? "500" : "1500");
        if (nodes > 1) {
            all.put("broker.session.timeout.ms", "3000");
            all.put("broker.heartbeat.interval.ms", "500");
        }
    }
}
