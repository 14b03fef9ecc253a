package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One question to the broker, with what it is about: the broker's refusal alone does not always say.
 *
 * @param kind what is done
 * @param entity what it is done to, for example {@code queue 'orders'}
 * @param question asks it on a channel
 */
public record TopologyStep(Kind kind, String entity, Function<ConsumingChannel, CompletableFuture<?>> question) {
    /** What a step does. */
    public enum Kind {
        /** Declares an exchange or queue. */
        DECLARE("declaring", "configure"),
        /** Asks whether an exchange or queue is there. */
        CHECK("checking", "read"),
        /** Asks whether the dead-letter queue is there. */
        CHECK_DEAD_LETTERS("checking", "read"),
        /** Asks for a queue that is taken as it is: one that is missing is declared next. */
        ASK("checking", "read"),
        /** Declares a queue that is taken as it is: one that is there with other properties is asked for next. */
        HAVE("declaring", "configure"),
        /** Binds a queue. */
        BIND("binding", "write"),
        /** Unbinds a queue. */
        UNBIND("unbinding", "write"),
        /** Starts a consumer. */
        CONSUME("consuming", "read");

        private final String doing;
        private final String right;

        Kind(String doing, String right) {
            this.doing = doing;
            this.right = right;
        }

        /** The right that it needs on its entity. */
        public String right() {
            return right;
        }
    }

    static TopologyStep ofQueue(Kind kind, String queue, Function<ConsumingChannel, CompletableFuture<?>> question) {
        return new TopologyStep(kind, "queue '" + Shown.text(queue) + "'", question);
    }

    static TopologyStep ofExchange(
            Kind kind, String exchange, Function<ConsumingChannel, CompletableFuture<?>> question) {
        return new TopologyStep(kind, "exchange '" + Shown.text(exchange) + "'", question);
    }

    /** For example {@code declaring queue 'orders'}. */
    @Override
    public String toString() {
        return kind.doing + " " + entity;
    }
}
