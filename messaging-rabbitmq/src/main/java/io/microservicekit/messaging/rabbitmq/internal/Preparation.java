package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.topology.Refusals;
import io.microservicekit.messaging.rabbitmq.internal.topology.StepRun;
import io.microservicekit.messaging.rabbitmq.internal.topology.TopologyStep;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** What has to stand at the broker before messages are sent to it: their exchange. Immutable. */
final class Preparation {
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final ClientRuntime runtime;
    private final List<TopologyStep> steps;
    private final Refusals refusals;

    private Preparation(ClientRuntime runtime, List<TopologyStep> steps, Refusals refusals) {
        this.runtime = runtime;
        this.steps = steps;
        this.refusals = refusals;
    }

    /** Nothing is asked. */
    static Preparation nothing(ClientRuntime runtime) {
        return new Preparation(runtime, Collections.emptyList(), Refusals.ofSending("", false));
    }

    /** Asks some steps, each time on a channel of its own. */
    static Preparation of(ClientRuntime runtime, String exchange, List<TopologyStep> steps, boolean declares) {
        return new Preparation(
                runtime,
                steps,
                Refusals.ofSending("Preparing to send to exchange '" + Shown.text(exchange) + "'", declares));
    }

    /**
     * Asks it on a connection.
     *
     * @return ends on the loop: with a {@link MessagingException} when what is there is not what is wanted, with a {@link RefusedException} when the
     *     next attempt may well succeed
     */
    CompletableFuture<Void> on(BrokerConnection connection) {
        CompletableFuture<Void> end = runtime.future();
        if (steps.isEmpty()) {
            end.complete(null);
            return end;
        }
        CompletableFuture<?> unused = connection
                .consumingChannel(ChannelEvents.NOBODY)
                .whenComplete((channel, error) -> {
                    if (error == null) {
                        guarded(end, () -> ask(channel, end));
                    } else {
                        end.completeExceptionally(error);
                    }
                });
        return end;
    }

    private void ask(ConsumingChannel channel, CompletableFuture<Void> end) {
        CompletableFuture<Void> answers = runtime.future();
        StepRun run = new StepRun(steps, channel, answers);
        CompletableFuture<?> unused = answers.whenComplete((nothing, error) -> guarded(end, () -> {
            if (!(error instanceof RefusedException)) { // with a refusal it is gone
                CompletableFuture<Void> unusedClosing = channel.close(CLOSING);
            }
            if (error == null) {
                end.complete(null);
            } else {
                end.completeExceptionally(meaning(run, error));
            }
        }));
        run.begin();
    }

    /** Whatever is thrown is the end: the next attempt may well succeed, and without an end there would be none. */
    private static void guarded(CompletableFuture<Void> end, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }

    private Throwable meaning(StepRun run, Throwable error) {
        if (error instanceof RefusedException refused) {
            TopologyStep step = Objects.requireNonNull(run.current(), "a step was refused");
            MessagingException forGood = refusals.forGood(step, refused.closure());
            return forGood == null ? error : forGood;
        }
        return error;
    }
}
