package io.microservicekit.messaging.rabbitmq.internal.topology;

import io.microservicekit.messaging.api.message.BackendUnavailableException;
import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ConsumeException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.Shown;
import io.microservicekit.messaging.api.spi.BackendContext;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.ChannelEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import io.microservicekit.messaging.rabbitmq.internal.link.ConsumingChannel;
import io.microservicekit.messaging.rabbitmq.internal.link.RefusedException;
import io.microservicekit.messaging.rabbitmq.internal.link.SharedConnection;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks steps once, outside of any subscription, on a shared connection: again and again until they are done, refused for good, or the connect timeout
 * has passed. Confined to the loop of the connection but for {@link #begin}.
 */
public final class Provisioning implements ConnectionUser {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final BackendContext context;
    private final SharedConnection shared;
    private final String attempt;
    private final Refusals refusals;
    private final Function<Presence, List<TopologyStep>> steps;
    private final Presence presence = new Presence();
    private final Consumer<String> warnings;
    private final CompletableFuture<Void> end;
    private @Nullable BrokerConnection connection;
    /** Those steps that are being asked. */
    private @Nullable StepRun asking;

    private Loop.@Nullable Timer again;
    private @Nullable String obstacle;
    private @Nullable String alarm;

    /**
     * Not begun yet.
     *
     * @param context of the client
     * @param shared the connection on which it is asked
     * @param attempt the beginning of sentences about it
     * @param declares whether what is missing is declared by the steps
     * @param steps what is asked, by what is known of queues that are taken as they are
     */
    public Provisioning(
            BackendContext context,
            SharedConnection shared,
            String attempt,
            boolean declares,
            Function<Presence, List<TopologyStep>> steps) {
        this.context = context;
        this.shared = shared;
        this.attempt = attempt;
        this.refusals = new Refusals(attempt, declares);
        this.steps = steps;
        this.warnings = taken -> context.logger().log(Level.WARNING, attempt + ": " + taken);
        this.end = context.runtime().future();
    }

    /**
     * Begins. From any thread.
     *
     * @return ends on the loop, exceptionally with a {@link MessagingException}
     */
    public CompletableFuture<Void> begin() {
        shared.loop().execute(() -> {
            if (end.isDone()) { // refused before it has begun
                return;
            }
            Loop.Timer limit = shared.loop().housekeeping(context.connectTimeout(), this::expired);
            CompletableFuture<?> unused = end.whenComplete((nothing, error) -> {
                limit.cancel();
                shared.leave(this);
            });
            shared.join(this);
        });
        return end;
    }

    @Override
    public void connected(BrokerConnection opened) {
        connection = opened;
        if (again != null) {
            again.cancel();
        }
        ask();
    }

    @Override
    public void disconnected(Closure closure) {
        connection = null;
        StepRun pending = asking;
        if (pending != null) {
            connectionEnded(pending.current(), closure);
        }
    }

    /** What ends the connection may have been asked by another: only its repetition tells. The next one is asked at once. */
    private void connectionEnded(@Nullable TopologyStep step, Closure closure) {
        asking = null;
        if (step != null && closure.mayBeRefusal()) {
            obstacle = Refusals.impediment(step, closure);
            shared.suspected(this, closure, refusals.endless(step, closure));
        }
    }

    /** A broker that is short of memory or disk does not read what comes on a connection that publishes. */
    @Override
    public void blocked(boolean blocked, String reason) {
        alarm = blocked ? "the broker has an alarm (" + Shown.text(reason) + ")" : null;
    }

    @Override
    public void failed(MessagingException cause) {
        end.completeExceptionally(cause);
    }

    @Override
    public void closing() {
        end.completeExceptionally(
                new ClosedException(
                        ErrorCode.CLIENT_CLOSED,
                        attempt
                                + " failed: the client was closed meanwhile. It may be done all the same. Build a new client."));
    }

    private void ask() {
        BrokerConnection open = connection;
        if (open == null || end.isDone()) {
            return;
        }
        CompletableFuture<?> unused = open.consumingChannel(ChannelEvents.NOBODY)
                .whenComplete((channel, error) -> {
                    if (error == null) {
                        ask(channel);
                    } else {
                        refused(null, error);
                    }
                });
    }

    private void ask(ConsumingChannel channel) {
        if (end.isDone()) {
            CompletableFuture<Void> unusedClosing = channel.close(CLOSING);
            return;
        }
        CompletableFuture<Void> answers = context.runtime().future();
        StepRun run = new StepRun(steps.apply(presence), channel, answers);
        asking = run;
        CompletableFuture<?> unused = answers.whenComplete((nothing, error) -> {
            if (asking != run) { // its connection has ended meanwhile
                return;
            }
            asking = null;
            if (error == null) {
                CompletableFuture<Void> unusedClosing = channel.close(CLOSING);
                end.complete(null);
            } else {
                refused(run.current(), error);
            }
        });
        run.begin();
    }

    private void refused(@Nullable TopologyStep step, Throwable error) {
        if (step == null || !(error instanceof RefusedException refused)) {
            obstacle = "opening a channel failed (" + Shown.text(error.getMessage()) + ")";
            later();
            return;
        }
        if (refused.closure().ofConnection()) {
            connectionEnded(step, refused.closure());
            return;
        }
        if (presence.learns(step, refused.closure(), warnings)) {
            ask();
            return;
        }
        if (step.kind() == TopologyStep.Kind.UNBIND && Refusals.isMissing(refused.closure())) {
            end.complete(null);
            return;
        }
        MessagingException forGood = refusals.forGood(step, refused.closure());
        if (forGood != null) {
            end.completeExceptionally(forGood);
        } else {
            obstacle = Refusals.impediment(step, refused.closure());
            shared.answered(this);
            later();
        }
    }

    private void later() {
        again = shared.loop().housekeeping(PAUSE, this::ask);
    }

    private void expired() {
        String passed = attempt + " failed: " + context.connectTimeout() + " have passed";
        String unconnected = shared.impediment();
        if (unconnected != null) {
            end.completeExceptionally(new BackendUnavailableException(
                    ErrorCode.NO_BROKERS_AVAILABLE,
                    passed + ", and the client is " + unconnected + ". Check that the broker runs, and its address."));
            return;
        }
        String why = alarm != null ? alarm : obstacle != null ? obstacle : "the broker did not answer";
        end.completeExceptionally(new ConsumeException(
                ErrorCode.TIMEOUT, passed + ": " + why + ". It may be done all the same; call it again."));
    }
}
