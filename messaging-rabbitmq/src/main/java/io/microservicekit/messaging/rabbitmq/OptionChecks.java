package io.microservicekit.messaging.rabbitmq;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.InvalidConfigurationException;
import io.microservicekit.messaging.api.message.Shown;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is wrong with a set of options, all of it at once. */
final class OptionChecks {
    private static final int MIB = 1 << 20;
    /** Arguments of queues that have an option of their own, or that would break a promise. */
    private static final Map<String, String> REFUSED = refused();

    private final List<String> violations;

    OptionChecks(List<String> violations) {
        this.violations = violations;
    }

    private static Map<String, String> refused() {
        Map<String, String> refused = new TreeMap<>();
        refused.put("x-queue-type", "set queueType(..)");
        refused.put("x-single-active-consumer", "set singleActiveConsumer(..)");
        refused.put(
                "x-delivery-limit", "the library declares it high: the broker would drop what it redelivers too often");
        refused.put("x-message-ttl", "it would drop messages that wait or are held");
        refused.put("x-expires", "it would delete the queue of a group that is down for a while");
        return refused;
    }

    static void done(List<String> violations, boolean noAddress) {
        if (!violations.isEmpty()) {
            throw invalid(ErrorCode.INVALID_CONFIG, String.join("; ", violations) + ".");
        }
        if (noAddress) {
            throw invalid(
                    ErrorCode.NO_BROKERS,
                    "no broker address was given. Call url(\"amqp://user:password@host:5672/\") or brokers(\"host:5672\").");
        }
    }

    private static InvalidConfigurationException invalid(ErrorCode code, String problem) {
        return new InvalidConfigurationException(code, "Building RabbitMqOptions failed: " + problem);
    }

    void check(RabbitMqOptionsBuilder options) {
        exchange(options);
        connectionName(options.connectionName);
        ranges(options);
        options.queueArguments.forEach(this::queueArgument);
        overflow(options.queueArguments);
        options.bindingArguments.forEach((name, value) -> argument("bindingArgument", name, value));
        if (options.queueType == QueueType.QUORUM && !options.durable) {
            violations.add("queueType QUORUM contradicts durable(false): quorum queues are durable");
        }
    }

    private void exchange(RabbitMqOptionsBuilder options) {
        String exchange = options.exchange;
        if (exchange == null) {
            if (options.exchangeType != null) {
                violations.add("exchangeType " + options.exchangeType
                        + " is set without an exchange, name it by exchange(..)");
            }
            return;
        }
        if (options.defaultExchange) {
            violations.add("exchange '" + Shown.text(exchange) + "' contradicts defaultExchange(true)");
        }
        int bytes = exchange.getBytes(StandardCharsets.UTF_8).length;
        if (exchange.isBlank() || bytes > 255 || exchange.chars().anyMatch(Character::isISOControl)) {
            violations.add(
                    "exchange '" + Shown.text(exchange)
                            + "' must have 1 to 255 bytes without control characters; for the default exchange call defaultExchange(true)");
        }
        if (options.exchangeType == ExchangeType.HEADERS && options.bindingArguments.isEmpty()) {
            violations.add(
                    "exchangeType HEADERS needs at least one bindingArgument(..): without one nothing would be received");
        }
    }

    private void connectionName(@Nullable String name) {
        if (name == null) {
            return;
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (name.isBlank() || bytes > 200 || name.chars().anyMatch(Character::isISOControl)) {
            violations.add(
                    "connectionName '" + Shown.text(name) + "' must have 1 to 200 bytes without control characters");
        }
    }

    private void ranges(RabbitMqOptionsBuilder options) {
        range("prefetchCount", options.prefetchCount, 1, 65_535);
        range("maxHeld", options.maxHeld, 0, 100_000);
        range("maxMessageBytes", options.maxMessageBytes, 1, 512 * MIB);
        range("maxInboundBytes", options.maxInboundBytes, 1 << 10, 512 * MIB);
        range("holdLimit", options.holdLimit, Duration.ofSeconds(1), Duration.ofHours(24));
        range("rpcTimeout", options.rpcTimeout, Duration.ofSeconds(1), Duration.ofMinutes(5));
        range("heartbeat", options.heartbeat, Duration.ofSeconds(1), Duration.ofMinutes(5));
        if (options.heartbeat.toNanosPart() != 0) {
            violations.add("heartbeat is " + options.heartbeat + ", must be whole seconds");
        }
    }

    private void queueArgument(String name, Object value) {
        String reason = REFUSED.get(name);
        if (reason != null) {
            violations.add("queueArgument '" + name + "' is refused: " + reason);
        } else {
            argument("queueArgument", name, value);
        }
    }

    /** A bounded queue drops confirmed messages unless it refuses new ones. */
    private void overflow(Map<String, Object> arguments) {
        boolean bounded = arguments.keySet().stream().anyMatch(name -> name.startsWith("x-max-length"));
        if (bounded && !"reject-publish".equals(arguments.get("x-overflow"))) {
            violations.add(
                    "queueArgument 'x-max-length' needs 'x-overflow' reject-publish: otherwise a full queue drops confirmed messages");
        }
    }

    private void argument(String option, String name, Object value) {
        boolean short255 = !name.isBlank() && name.getBytes(StandardCharsets.UTF_8).length <= 255;
        if (!short255 || name.chars().anyMatch(Character::isISOControl)) {
            violations.add(option + " '" + Shown.text(name)
                    + "' must have a name of 1 to 255 bytes without control characters");
        }
        if (!(value instanceof String
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Boolean)) {
            violations.add(option + " '" + Shown.text(name) + "' is a "
                    + value.getClass().getSimpleName() + ", must be a text, a whole number or a truth value");
        }
    }

    private void range(String option, long value, long min, long max) {
        if (value < min || value > max) {
            violations.add(option + " is " + value + ", must be from " + min + " to " + max);
        }
    }

    private void range(String option, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            violations.add(option + " is " + value + ", must be from " + min + " to " + max);
        }
    }
}
