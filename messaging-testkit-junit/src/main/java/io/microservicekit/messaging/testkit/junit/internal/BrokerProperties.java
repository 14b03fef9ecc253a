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

/** The settings of a single combined node that starts fast and stays small. */
public final class BrokerProperties {
    static final String CONTROLLER = "CONTROLLER";

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

    private static final List<String> INTERNAL_TOPICS = List.of(
            "offsets.topic.num.partitions",
            "offsets.topic.replication.factor",
            "transaction.state.log.num.partitions",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "share.coordinator.state.topic.num.partitions",
            "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr");

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

    Map<String, String> complete(Path data, LoopbackPorts ports) {
        Map<String, String> all = new LinkedHashMap<>();
        identity(all, data, ports);
        INTERNAL_TOPICS.forEach(name -> all.put(name, "1"));
        small(all);
        quick(all);
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

    private static void identity(Map<String, String> all, Path data, LoopbackPorts ports) {
        String broker = "PLAINTEXT://" + ports.brokerAddress();
        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        all.put("controller.quorum.voters", "1@" + ports.controllerAddress());
        all.put("listeners", broker + "," + CONTROLLER + "://" + ports.controllerAddress());
        all.put("advertised.listeners", broker);
        all.put("controller.listener.names", CONTROLLER);
        all.put("inter.broker.listener.name", "PLAINTEXT");
        all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        all.put("log.dirs", data.toString());
        all.put("auto.create.topics.enable", "false");
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

    private static void quick(Map<String, String> all) {
        all.put("group.initial.rebalance.delay.ms", "0");
        all.put("group.min.session.timeout.ms", "1000");
        for (String kind : List.of("consumer", "share")) {
            all.put("group." + kind + ".heartbeat.interval.ms", "500");
            all.put("group." + kind + ".min.heartbeat.interval.ms", "500");
            all.put("group." + kind + ".min.session.timeout.ms", "1000");
        }
        all.put("controller.quorum.election.timeout.ms", "500");
        all.put("controller.quorum.fetch.timeout.ms", "500");
    }
}
