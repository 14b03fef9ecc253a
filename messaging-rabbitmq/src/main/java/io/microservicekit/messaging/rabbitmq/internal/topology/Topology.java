package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.rabbitmq.ExchangeType;
import io.microservicekit.messaging.rabbitmq.QueueType;
import io.microservicekit.messaging.rabbitmq.RabbitMqOptions;
import io.microservicekit.messaging.rabbitmq.RabbitMqTopology;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a group needs at the broker, as the options say it. Immutable. */
public final class Topology {
    /** Where topics go when no exchange is configured. */
    private static final String DEFAULT_EXCHANGE = "amq.topic";
    /** Exchanges whose names begin so are the broker's own: they can not be declared. */
    private static final String RESERVED = "amq.";
    /** The engine counts the attempts; a broker that counts deliveries would drop what waits for its dead letter. */
    private static final long DELIVERY_LIMIT = 1_000_000;

    private final RabbitMqOptions options;

    /** As the options say it. */
    public Topology(RabbitMqOptions options) {
        this.options = options;
    }

    /** Whether what is missing is declared. */
    public boolean declares() {
        return options.topology() == RabbitMqTopology.CREATE;
    }

    /** The queue of a group: with the default exchange a topic is a queue, which its consumers share. */
    public String queue(String group, List<String> topics) {
        return options.defaultExchange() ? topics.get(0) : group;
    }

    /** Why a group cannot have these topics, null when it can. */
    public @Nullable String problem(List<String> topics) {
        return options.defaultExchange() && topics.size() > 1
                ? "with defaultExchange(true) a topic is a queue, and a consumer has one. Subscribe one topic, or name an exchange."
                : null;
    }

    /**
     * What has to be asked before a group is consumed.
     *
     * @param spec the group's topics and its queue of dead letters
     * @param presence what is known of the queues that are taken as they are
     * @param first whether it is the first time: a dead-letter queue that goes missing later is waited for, it does not end what runs
     * @return the steps, in order
     */
    public List<TopologyStep> steps(ConsumerSpec spec, Presence presence, boolean first) {
        String queue = queue(spec.group(), spec.topics());
        String deadLetters = spec.deadLetterTopic();
        List<TopologyStep> steps = new ArrayList<>();
        switch (options.topology()) {
            case CREATE -> declare(steps, spec, presence);
            case PASSIVE -> check(steps, queue);
            case NONE -> {}
        }
        if (deadLetters != null) {
            deadLetters(steps, deadLetters, presence, first);
        }
        return steps;
    }

    /** Why a topic cannot be unbound from a group, null when it can. */
    public @Nullable String problemOfUnbinding() {
        if (options.defaultExchange()) {
            return "with defaultExchange(true) a topic is a queue, and bound to nothing. Delete the queue if it is not wanted.";
        }
        return declares()
                ? null
                : "the topology mode " + options.topology() + " changes nothing at the broker. Use CREATE.";
    }

    /** What has to be asked to unbind a topic from a group. */
    public List<TopologyStep> stepsOfUnbinding(String group, String topic) {
        String exchange = exchange();
        return Collections.singletonList(new TopologyStep(
                Kind.UNBIND,
                "queue '" + Shown.text(group) + "' from exchange '" + Shown.text(exchange) + "' for topic '"
                        + Shown.text(topic) + "'",
                c -> c.unbind(group, exchange, topic, options.bindingArguments())));
    }

    /** What has to be asked before messages are sent: nothing for the default exchange, which is always there. */
    public List<TopologyStep> stepsOfSending() {
        List<TopologyStep> steps = new ArrayList<>();
        if (!options.defaultExchange() && options.topology() != RabbitMqTopology.NONE) {
            String exchange = exchange();
            steps.add(declares() ? haveExchange(exchange) : checkExchange(exchange));
        }
        return steps;
    }

    /** The exchange that somebody could delete; null where there is none, or where nothing is asked for. */
    public @Nullable String mortalExchange() {
        boolean asked = !options.defaultExchange() && options.topology() != RabbitMqTopology.NONE;
        return asked && !exchange().startsWith(RESERVED) ? exchange() : null;
    }

    private TopologyStep haveExchange(String exchange) {
        return exchange.startsWith(RESERVED) ? checkExchange(exchange) : declareExchange(exchange);
    }

    private void declare(List<TopologyStep> steps, ConsumerSpec spec, Presence presence) {
        String queue = queue(spec.group(), spec.topics());
        QueueDeclaration wanted = new QueueDeclaration(queue, durable(), queueArguments());
        List<TopologyStep> declaring =
                readsByName(spec) ? presence.reading(wanted) : Collections.singletonList(wanted.step(Kind.DECLARE));
        if (options.defaultExchange()) {
            steps.addAll(declaring);
            return;
        }
        steps.add(haveExchange(exchange()));
        steps.addAll(declaring);
        steps.addAll(bindings(spec));
    }

    /** The bindings of a group to its exchange, which there is. */
    public List<TopologyStep> bindings(ConsumerSpec spec) {
        String queue = queue(spec.group(), spec.topics());
        List<TopologyStep> steps = new ArrayList<>();
        spec.topics().forEach(topic -> steps.add(bind(queue, exchange(), topic)));
        return steps;
    }

    /** Whose one topic is its queue's name reads a queue that is known by name, as one of dead letters: it may have been declared by who writes there. */
    private static boolean readsByName(ConsumerSpec spec) {
        return spec.topics().size() == 1 && spec.topics().get(0).equals(spec.group());
    }

    private TopologyStep declareExchange(String exchange) {
        String type = options.exchangeType().name().toLowerCase(Locale.ROOT);
        return TopologyStep.ofExchange(
                Kind.DECLARE, exchange, c -> c.declareExchange(exchange, type, options.durable()));
    }

    private TopologyStep bind(String queue, String exchange, String topic) {
        return new TopologyStep(
                Kind.BIND,
                "queue '" + Shown.text(queue) + "' to exchange '" + Shown.text(exchange) + "' for topic '"
                        + Shown.text(topic) + "'",
                c -> c.bind(queue, exchange, topic, options.bindingArguments()));
    }

    private void check(List<TopologyStep> steps, String queue) {
        if (!options.defaultExchange()) {
            steps.add(checkExchange(exchange()));
        }
        steps.add(TopologyStep.ofQueue(Kind.CHECK, queue, c -> c.checkQueue(queue)));
    }

    private void deadLetters(List<TopologyStep> steps, String queue, Presence presence, boolean first) {
        if (declares()) {
            steps.add(presence.deadLetters(new QueueDeclaration(queue, true, deadLetterArguments())));
        } else if (first) {
            steps.add(TopologyStep.ofQueue(Kind.CHECK_DEAD_LETTERS, queue, c -> c.checkQueue(queue)));
        }
    }

    private static TopologyStep checkExchange(String exchange) {
        return TopologyStep.ofExchange(Kind.CHECK, exchange, c -> c.checkExchange(exchange));
    }

    private String exchange() {
        String exchange = options.exchange();
        return exchange == null ? DEFAULT_EXCHANGE : exchange;
    }

    private boolean durable() {
        return options.durable() || options.queueType() == QueueType.QUORUM;
    }

    /** A classic queue too: where others are the default a nameless one would be one of those. To the broker both declarations are equal where classic is the default. */
    private Map<String, Object> typeArguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("x-queue-type", options.queueType().name().toLowerCase(Locale.ROOT));
        if (options.queueType() == QueueType.QUORUM) {
            arguments.put("x-delivery-limit", DELIVERY_LIMIT);
        }
        return arguments;
    }

    private Map<String, Object> queueArguments() {
        Map<String, Object> arguments = typeArguments();
        arguments.putAll(options.queueArguments());
        return single(arguments);
    }

    /** Nothing that limits what it keeps; and a client whose consumers are single active ones can read it as such, whoever of the two comes first. */
    private Map<String, Object> deadLetterArguments() {
        return single(typeArguments());
    }

    private Map<String, Object> single(Map<String, Object> arguments) {
        if (options.singleActiveConsumer()) {
            arguments.put(QueueDeclaration.SINGLE_ACTIVE_CONSUMER, true);
        }
        return arguments;
    }

    /** Whether the exchange looks at the routing key, so that a message of a topic that nobody subscribed is a surprise. */
    public boolean routesByTopic() {
        return options.exchange() == null
                || options.exchangeType() == ExchangeType.DIRECT
                || options.exchangeType() == ExchangeType.TOPIC;
    }

    /** Whether {@code *} and {@code #} in a subscribed topic stand for words. */
    public boolean hasPatterns() {
        return !options.defaultExchange()
                && (options.exchange() == null || options.exchangeType() == ExchangeType.TOPIC);
    }
}
