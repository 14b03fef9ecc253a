package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.rabbitmq.internal.consume.Attempt.Phase;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumedQueue;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.QueueFacts;
import io.microservicekit.messaging.rabbitmq.internal.topology.Refusals;
import io.microservicekit.messaging.rabbitmq.internal.topology.StepRun;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the broker says of a consumer's queue when health is asked: the broker tells a consumer of the end of its queue, but not that it has no leader,
 * and not across a node that is gone. Confined to the loop of the connection.
 */
final class QueueFinding {
    private static final int ACCESS_REFUSED = 403;
    private static final int NOT_FOUND = 404;

    private final ConsumerParts parts;
    private final Subscriber subscriber;
    /** How many answers in a row knew of no consumer. */
    private int withoutConsumer;
    /** For which the broker has counted a consumer; it never does for a stream. */
    private @Nullable Attempt countedFor;

    private @Nullable Attempt unaskable;
    private final Rebinding rebinding;
    private final IdleBindings idleBindings;
    private long received;

    QueueFinding(ConsumerParts parts, Subscriber subscriber) {
        this.parts = parts;
        this.subscriber = subscriber;
        this.rebinding = new Rebinding(parts, subscriber);
        this.idleBindings = new IdleBindings(parts);
    }

    /** The exchange is missing, or was. */
    void exchangeMissing(@Nullable Attempt attempt) {
        if (attempt != null && attempt.isTaken()) {
            rebinding.begin(attempt);
        }
    }

    /** What was found belongs to an earlier consumer. */
    void forget() {
        withoutConsumer = 0;
        parts.ofQueue().say(null);
    }

    /** The question of a health check; null when there is no consumer at present, by its own will or not. */
    @Nullable ConsumedQueue question(@Nullable Attempt attempt) {
        if (attempt == null || !isConsuming(attempt)) {
            forget();
            return null;
        }
        return attempt == unaskable ? null : new Question(attempt);
    }

    private static boolean isConsuming(Attempt attempt) {
        return attempt.phase() == Phase.CONSUMING && !attempt.isPaused();
    }

    private void say(String problem, String remedy) {
        parts.ofQueue()
                .say("its queue '" + Shown.text(parts.queue()) + "' " + problem + ", so nothing is consumed: "
                        + remedy);
    }

    private final class Question implements ConsumedQueue {
        private final Attempt attempt;
        /** Whether it is the exchange that is being asked for. */
        private boolean ofExchange;
        /** What was said of the queue, when it is bindings that are being asked for. */
        private @Nullable QueueFacts found;

        private Question(Attempt attempt) {
            this.attempt = attempt;
        }

        /** The exchange first: a queue that it no longer leads to gets nothing, and nobody is told. */
        @Override
        public CompletableFuture<QueueFacts> ask(ConsumingChannel channel) {
            String exchange = parts.topology().mortalExchange();
            if (exchange == null) {
                return channel.checkQueue(parts.queue());
            }
            CompletableFuture<QueueFacts> answer = parts.future();
            ofExchange = true;
            then(channel.checkExchange(exchange), answer, there -> {
                ofExchange = false;
                then(channel.checkQueue(parts.queue()), answer, facts -> bind(channel, facts, answer));
            });
            return answer;
        }

        /** Only under a queue that knows its consumer: where one has no leader a binding may not be possible either, and to ask for it would end the connection. */
        private void bind(ConsumingChannel channel, QueueFacts facts, CompletableFuture<QueueFacts> answer) {
            found = facts;
            boolean sound = facts.consumers() > 0 && isOfNow();
            List<TopologyStep> steps = sound ? idleBindings.due(attempt) : Collections.emptyList();
            CompletableFuture<Void> bound = parts.future();
            then(bound, answer, nothing -> answer.complete(facts));
            new StepRun(steps, channel, bound).begin();
        }

        /** Whatever is thrown is the answer: nothing more would be asked for. */
        private static <T> void then(CompletableFuture<T> question, CompletableFuture<?> answer, Consumer<T> next) {
            CompletableFuture<?> unused = question.whenComplete((said, error) -> {
                if (error != null) {
                    answer.completeExceptionally(error);
                    return;
                }
                try {
                    next.accept(said);
                } catch (Throwable e) {
                    answer.completeExceptionally(e);
                }
            });
        }

        /** A quorum queue without a leader is said to have no consumer, and so is one whose leader is busy for 250 ms: once is no finding, nor while it delivers. */
        @Override
        public void there(QueueFacts facts) {
            int before = withoutConsumer;
            boolean flows = flows();
            forget();
            if (facts.consumers() > 0) {
                countedFor = attempt;
            } else if (isOfNow() && countedFor == attempt && !flows) {
                withoutConsumer = before + 1;
                if (withoutConsumer > 1) {
                    say(
                            "has no leader, or the broker has lost the consumer",
                            "check the nodes of the queue (rabbitmq-queues quorum_status), or close the consumer and subscribe again");
                }
            }
        }

        /** Who may not ask for it may consume it all the same. Where nobody refused, the driver waits no longer. The end of the connection says nothing of the queue. */
        @Override
        public void refused(Closure closure) {
            if (found != null) {
                idleBindings.refused(closure);
            }
            if (closure.ofConnection() || !isOfNow()) {
                return;
            }
            if (found != null) {
                there(found);
            } else if (closure.kind() != Closure.Kind.BROKER) {
                silent();
            } else if (closure.code() == ACCESS_REFUSED) {
                unaskable = attempt;
                forget();
            } else if (ofExchange && closure.code() == NOT_FOUND) {
                exchangeMissing(attempt);
            } else {
                say(
                        "cannot be used (" + Refusals.said(closure) + ")",
                        "create it again or bring its node back; to close the consumer and subscribe again declares it with the topology mode CREATE");
            }
        }

        @Override
        public void unasked() {
            forget();
        }

        @Override
        public void silent() {
            if (found == null && isOfNow() && !flows()) {
                say("does not answer", "check its node, and that the queue has a leader");
            }
        }

        /** Whether it has delivered since it was asked for last. */
        private boolean flows() {
            long before = received;
            received = attempt.session().received();
            return received != before;
        }

        /** The consumer may have ended meanwhile, or have been paused. */
        private boolean isOfNow() {
            return subscriber.isCurrent(attempt) && isConsuming(attempt);
        }
    }
}
