package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.Secret;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.Settings;
import io.microservicekit.messaging.rabbitmq.ExchangeType;
import io.microservicekit.messaging.rabbitmq.QueueType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptionsBuilder;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.rabbitmq.UnroutablePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The keys below {@code rabbitmq.} in a configuration; the first six are the Go library's. */
final class RabbitMqKeys {
    private static final String BINDING_ARGUMENTS = "binding_arguments";

    private static final List<String> OWN = Collections.unmodifiableList(Arrays.asList(
            "exchange",
            "exchange_type",
            "durable",
            "auto_ack",
            "prefetch_count",
            "confirm",
            "virtual_host",
            "user",
            "password",
            "default_exchange",
            BINDING_ARGUMENTS,
            "queue_type",
            "single_active_consumer",
            "topology",
            "unroutable",
            "heartbeat",
            "rpc_timeout",
            "connection_name",
            "hold_limit",
            "max_held",
            "max_message_bytes",
            "max_inbound_bytes"));

    private RabbitMqKeys() {}

    static Set<String> all() {
        Set<String> all = new TreeSet<>(OWN);
        all.addAll(TlsKeys.OWN);
        return all;
    }

    static void read(Settings settings, RabbitMqOptionsBuilder options) {
        readSeed(settings, options);
        readLogin(settings, options);
        settings.flag("default_exchange", options::defaultExchange);
        settings.list(BINDING_ARGUMENTS, given -> given.forEach(several -> readArguments(several, settings, options)));
        settings.choice("queue_type", QueueType.class, options::queueType);
        settings.flag("single_active_consumer", options::singleActiveConsumer);
        settings.choice("topology", RabbitMqTopology.class, options::topology);
        settings.choice("unroutable", UnroutablePolicy.class, options::unroutable);
        settings.duration("heartbeat", options::heartbeat);
        settings.duration("rpc_timeout", options::rpcTimeout);
        settings.text("connection_name", options::connectionName);
        settings.duration("hold_limit", options::holdLimit);
        settings.number("max_held", options::maxHeld);
        settings.number("max_message_bytes", options::maxMessageBytes);
        settings.number("max_inbound_bytes", options::maxInboundBytes);
        new TlsKeys().read(settings, options);
    }

    /** An exchange without a name is none, as in the Go library. */
    private static void readSeed(Settings settings, RabbitMqOptionsBuilder options) {
        List<String> exchange = new ArrayList<>();
        settings.text("exchange", exchange::add);
        settings.choice("exchange_type", ExchangeType.class, type -> {
            if (!exchange.isEmpty() && !exchange.get(0).isEmpty()) {
                options.exchangeType(type);
            }
        });
        exchange.stream().filter(name -> !name.isEmpty()).forEach(options::exchange);
        settings.flag("durable", options::durable);
        settings.flag("auto_ack", options::autoAck);
        settings.number("prefetch_count", options::prefetchCount);
        settings.flag("confirm", options::confirm);
    }

    private static void readArguments(String several, Settings settings, RabbitMqOptionsBuilder options) {
        for (String one : several.split(",", -1)) {
            int name = one.indexOf('=');
            if (name > 0) {
                options.bindingArgument(
                        one.substring(0, name).strip(), one.substring(name + 1).strip());
            } else {
                settings.violation("'rabbitmq." + BINDING_ARGUMENTS + "' has '" + Shown.text(one.strip())
                        + "', must be name=value, several with commas between");
            }
        }
    }

    private static void readLogin(Settings settings, RabbitMqOptionsBuilder options) {
        List<String> user = new ArrayList<>();
        List<String> password = new ArrayList<>();
        settings.text("virtual_host", options::virtualHost);
        settings.text("user", user::add);
        settings.text("password", password::add);
        if (user.size() != password.size()) {
            settings.violation("'rabbitmq.user' and 'rabbitmq.password' belong together, only one of them is set");
        } else if (!user.isEmpty()) {
            options.credentials(user.get(0), Secret.of(password.get(0)));
        }
    }
}
