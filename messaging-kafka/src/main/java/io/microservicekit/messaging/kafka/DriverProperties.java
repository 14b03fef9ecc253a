package io.microservicekit.messaging.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was passed on and what typed options stand for, in one map, after it was checked that neither contradicts the other. */
final class DriverProperties {
    private static final Duration MAX_REVOKE_DRAIN = Duration.ofSeconds(5);
    private static final Duration DEFAULT_POLL_INTERVAL = Duration.ofMinutes(5);
    private static final String DEFAULT_SESSION = "45000";
    private static final String DEFAULT_REQUEST = "15000";
    private static final String DEFAULT_COMPRESSION = "snappy";
    private static final String GROUP_PROTOCOL = "group.protocol";

    private final Map<String, String> all = new TreeMap<>();
    private final KafkaOptionsBuilder given;
    private final List<String> violations;
    private final Duration revokeDrain;

    private DriverProperties(KafkaOptionsBuilder given, List<String> violations) {
        this.given = given;
        this.violations = violations;
        given.properties.forEach(this::pass);
        given.durations.forEach(this::add);
        addGroupProtocol();
        violations.addAll(SecurityChecks.problems(given));
        SecurityChecks.protocol(given).ifPresent(protocol -> all.put(SecurityChecks.PROTOCOL, protocol));
        checkHeartbeat();
        checkCallTimeout();
        checkAllocation();
        this.revokeDrain = drain();
    }

    static DriverProperties of(KafkaOptionsBuilder given, List<String> violations) {
        return new DriverProperties(given, violations);
    }

    Map<String, String> all() {
        return all;
    }

    Duration revokeDrain() {
        return revokeDrain;
    }

    private void pass(String name, String value) {
        String reason = RefusedProperties.reason(name, value);
        if (reason == null) {
            all.put(name, value);
        } else {
            violations.add("property '" + BrokerAddresses.printable(name) + "' is refused: " + reason);
        }
    }

    private void add(KafkaOptionsBuilder.TypedDuration typed) {
        String problem = typed.problem();
        if (problem != null) {
            violations.add(problem);
        } else {
            typed(
                    typed.option(),
                    typed.nativeName(),
                    String.valueOf(typed.value().toMillis()));
        }
    }

    private void typed(String option, String name, String value) {
        if (all.put(name, value) != null) {
            violations.add(option + " and property '" + name + "' say the same thing; give one of them");
        }
    }

    private void addGroupProtocol() {
        if (given.groupProtocol != null) {
            typed("groupProtocol", GROUP_PROTOCOL, given.groupProtocol.nativeName());
        }
        if (KafkaGroupProtocol.CONSUMER.nativeName().equalsIgnoreCase(all.get(GROUP_PROTOCOL))) {
            refuseWithConsumerProtocol("session.timeout.ms", "sessionTimeout");
            refuseWithConsumerProtocol("heartbeat.interval.ms", "property 'heartbeat.interval.ms'");
        } else if (all.containsKey("group.remote.assignor")) {
            violations.add("property 'group.remote.assignor' needs groupProtocol(CONSUMER)");
        }
    }

    private void refuseWithConsumerProtocol(String name, String option) {
        if (all.containsKey(name)) {
            violations.add(option + " contradicts groupProtocol(CONSUMER), where the broker decides on it"
                    + " (its group.consumer." + name + "); leave it out");
        }
    }

    /** The driver refuses it when a consumer is made; what is not set is set to fit. */
    private void checkHeartbeat() {
        String heartbeat = all.get("heartbeat.interval.ms");
        String session = all.getOrDefault("session.timeout.ms", DEFAULT_SESSION);
        if (heartbeat != null && Long.parseLong(heartbeat) >= Long.parseLong(session)) {
            violations.add("property 'heartbeat.interval.ms' is " + heartbeat + ", must be below session.timeout.ms, "
                    + session);
        }
    }

    /** The driver refuses it when an admin client is made. */
    private void checkCallTimeout() {
        String call = all.get("default.api.timeout.ms");
        String request = all.getOrDefault("request.timeout.ms", DEFAULT_REQUEST);
        if (call != null && Long.parseLong(call) < Long.parseLong(request)) {
            violations.add("property 'default.api.timeout.ms' is " + call
                    + ", must not be below the requestTimeout (request.timeout.ms), " + request);
        }
    }

    /** The driver refuses it when a producer is made. */
    private void checkAllocation() {
        String compression = all.getOrDefault("compression.type", DEFAULT_COMPRESSION);
        if ("incremental".equalsIgnoreCase(all.get("buffer.memory.allocation.strategy"))
                && !compression.equals("none")) {
            violations.add(
                    "property 'buffer.memory.allocation.strategy' is incremental, which the driver does not support with"
                            + " compression.type " + compression + "; leave it out, or set compression.type to none");
        }
    }

    private Duration drain() {
        Duration longest = pollInterval().dividedBy(3);
        Duration drain = given.revokeDrain != null ? given.revokeDrain : min(longest, MAX_REVOKE_DRAIN);
        if (drain.isNegative() || drain.compareTo(longest) > 0) {
            violations.add("revokeDrain is " + drain + ", must be from PT0S to " + longest
                    + ", a third of max.poll.interval.ms");
        }
        return drain;
    }

    private Duration pollInterval() {
        String value = all.get("max.poll.interval.ms");
        return value == null ? DEFAULT_POLL_INTERVAL : Duration.ofMillis(Long.parseLong(value));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
