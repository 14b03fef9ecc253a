package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.BrokerConnection;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionEvents;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import io.microservicekit.messaging.rabbitmq.internal.link.Connector;
import io.microservicekit.messaging.rabbitmq.internal.link.SharedConnection;
import io.microservicekit.messaging.rabbitmq.internal.shared.Impediment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps one connection up for its users. Everything happens on its loop. */
final class ConnectionSupervisor implements SharedConnection {
    private static final Duration TELLING_AGAIN = Duration.ofSeconds(5);

    /** What a connection may need beyond the limit of a close, before nobody waits for it any more. */
    private static final Duration FORCED_END = Duration.ofMillis(700);

    private final Connector connector;
    private final ClientRuntime runtime;
    private final Loop loop;
    private final String name;
    private final RetrySchedule retries;
    private final CompletableFuture<Void> closed;
    private final Impediment impediment = new Impediment(ConnectFailures.impediment(null));

    // Touched on the loop only.
    private final Users users;
    private final Inquest inquest;
    private final HealthQuestions questions;
    private final List<CompletableFuture<Void>> probes = new ArrayList<>();
    private final Repetition ends = new Repetition();
    private @Nullable BrokerConnection connection;
    private @Nullable String alarm;
    private @Nullable Closure lastFailure;
    /** The cause that users were told of last, as long as there is no connection and it lasts. */
    private @Nullable Closure told;
    /** Whether the end of the connection was one user's trouble. */
    private boolean blamed;

    private boolean connecting;
    private boolean closing;

    ConnectionSupervisor(Connector connector, ClientRuntime runtime, Loop loop, String name, System.Logger logger) {
        this.connector = connector;
        this.runtime = runtime;
        this.loop = loop;
        this.name = name;
        this.retries = new RetrySchedule(loop, new BackOff(runtime.random("rabbitmq-reconnect")), this::connect);
        this.users = new Users(loop, name);
        this.inquest = new Inquest(loop, users);
        this.questions = new HealthQuestions(runtime, loop, name, logger);
        this.closed = runtime.future();
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public @Nullable String impediment() {
        return impediment.text();
    }

    @Override
    public void join(ConnectionUser user) {
        if (closing) {
            user.closing();
            return;
        }
        users.join(user);
        if (connection != null) {
            inquest.join(user);
        } else if (!retries.isWaiting()) {
            connect();
        }
    }

    /** One that throws is told again, while there is that connection: it would hear of the next one only. Of an alarm first: it asks for things at once. */
    private void greet(ConnectionUser user, BrokerConnection present) {
        if (connection != present || !users.has(user)) {
            return;
        }
        try {
            if (alarm != null) {
                user.blocked(true, alarm);
            }
            user.connected(present);
        } catch (RuntimeException | Error e) {
            var unused = loop.housekeeping(TELLING_AGAIN, () -> greet(user, present));
            throw e;
        }
    }

    @Override
    public void leave(ConnectionUser user) {
        users.leave(user);
        inquest.answered(user);
    }

    @Override
    public void answered(ConnectionUser user) {
        inquest.answered(user);
    }

    @Override
    public void stable(ConnectionUser user) {
        retries.reset();
        ends.reset();
        users.stable(user);
    }

    @Override
    public void troubled(ConnectionUser user, Closure closure) {
        blamed |= closure.ofConnection();
        users.troubled(user, closure, runtime.nanoTime());
    }

    @Override
    public void suspected(ConnectionUser user, Closure closure, MessagingException cause) {
        inquest.suspected(user, closure, cause);
    }

    /** Tells its users that the exchange is missing, or was; from any thread. */
    void exchangeMissing() {
        loop.execute(() -> users.tellAll(ConnectionUser::exchangeMissing));
    }

    /** Whether a broker answers on the present connection, or to the next attempt; ends at once when the last one failed and the next waits. */
    CompletableFuture<Void> probe() {
        CompletableFuture<Void> answer = runtime.future();
        loop.execute(() -> probe(answer));
        return answer;
    }

    /** Whether a broker answers on the present connection; ends normally when there is none, or when it may not be asked. */
    CompletableFuture<Void> probePresent() {
        CompletableFuture<Void> answer = runtime.future();
        loop.execute(() -> questions.ask(answer, alarm != null, users));
        return answer;
    }

    private void probe(CompletableFuture<Void> answer) {
        if (closing) {
            answer.completeExceptionally(ConnectFailures.closedWhileAsked(name));
        } else if (connection != null) {
            questions.ask(answer, alarm != null, users);
        } else if (retries.isWaiting() && lastFailure != null) {
            answer.completeExceptionally(ConnectFailures.of(name, lastFailure));
        } else {
            probes.add(answer);
            connect();
        }
    }

    private void connect() {
        if (connecting || closing || connection != null) {
            return;
        }
        connecting = true;
        Events events = new Events();
        var unused = attempt(events).whenComplete((opened, error) -> {
            connecting = false;
            if (opened == null) {
                refused(ConnectFailures.closureOf(error));
            } else if (closing) {
                end(opened, Duration.ZERO);
            } else {
                connected(opened, events);
            }
        });
    }

    /** One that could not even begin, for want of a thread, has failed as any other. */
    private CompletableFuture<BrokerConnection> attempt(Events events) {
        try {
            return connector.connect(name, events);
        } catch (Throwable e) {
            CompletableFuture<BrokerConnection> failed = runtime.future();
            failed.completeExceptionally(e);
            return failed;
        }
    }

    private void connected(BrokerConnection opened, Events events) {
        connection = opened;
        questions.connected(opened);
        blamed = false;
        told = null;
        events.of = opened;
        impediment.say(null);
        endProbes(probe -> probe.complete(null));
        inquest.begin(user -> greet(user, opened));
    }

    private void refused(Closure closure) {
        if (closing) {
            finish();
            return;
        }
        lastFailure = closure;
        impediment.say(ConnectFailures.impediment(closure));
        endProbes(probe -> probe.completeExceptionally(ConnectFailures.of(name, closure)));
        compare(closure);
        if (ConnectFailures.isOfIdentity(closure)) {
            retries.afterRefusedLogin();
        } else {
            // That an attempt lacked a thread or memory passes.
            if (closure.kind() != Closure.Kind.PROCESS) {
                count(closure);
            }
            goOn();
        }
    }

    /** Those who stayed were told what is true no longer: with another reason it may soon pass. */
    private void compare(Closure closure) {
        if (told != null && !Repetition.isSame(told, closure)) {
            told = null;
            users.tellAll(ConnectionUser::failureChanged);
        }
    }

    private void endProbes(Consumer<CompletableFuture<Void>> end) {
        List<CompletableFuture<Void>> asked = new ArrayList<>(probes);
        probes.clear();
        asked.forEach(end);
    }

    /** One user's trouble, which has been counted as such, is not that of the others. */
    private void count(Closure closure) {
        if (ends.isEndless(closure, runtime.nanoTime())) {
            ends.reset();
            told = closure;
            users.all().forEach(user -> users.failed(user, closure));
        }
    }

    private void goOn() {
        if (!users.isEmpty()) {
            retries.afterFailure();
        }
    }

    private void lost(Closure closure) {
        questions.lost(closure);
        inquest.lost();
        connection = null;
        alarm = null;
        lastFailure = closure;
        impediment.say(ConnectFailures.impediment(closure));
        if (closing) {
            finish();
        } else {
            users.tellAll(user -> user.disconnected(closure));
            if (!inquest.end(runtime.nanoTime()) && !blamed) {
                count(closure);
            }
            goOn();
        }
    }

    private void blocked(@Nullable String reason) {
        String shown = reason == null ? "" : reason;
        alarm = reason;
        if (reason != null) {
            questions.answered();
        }
        users.tellAll(user -> user.blocked(reason != null, shown));
    }

    @Override
    public CompletableFuture<Void> close(Duration limit) {
        loop.execute(() -> closeNow(limit));
        return closed;
    }

    private void closeNow(Duration limit) {
        boolean first = !closing;
        closing = true;
        List<ConnectionUser> present = users.all();
        users.clear();
        present.forEach(user -> users.tell(user, ConnectionUser::closing));
        endProbes(probe -> probe.completeExceptionally(ConnectFailures.closedWhileAsked(name)));
        impediment.say("closed");
        retries.cancel();
        BrokerConnection open = connection;
        if (open != null) {
            // Again for an earlier end.
            end(open, limit);
        } else if (connecting) {
            connector.close();
            loop.housekeeping(limit.plus(FORCED_END), this::finish);
        } else if (first) {
            finish();
        }
    }

    private void end(BrokerConnection open, Duration limit) {
        var unused = open.close(limit).whenComplete((nothing, error) -> finish());
    }

    private void finish() {
        connector.close();
        closed.complete(null);
        loop.close();
    }

    /** Of one attempt: what an earlier connection says has no effect. */
    private final class Events implements ConnectionEvents {
        private @Nullable BrokerConnection of;

        @Override
        public void blocked(String reason) {
            if (isPresent()) {
                ConnectionSupervisor.this.blocked(reason);
            }
        }

        @Override
        public void unblocked() {
            if (isPresent()) {
                ConnectionSupervisor.this.blocked(null);
            }
        }

        @Override
        public void closed(Closure closure) {
            if (isPresent()) {
                lost(closure);
            }
        }

        private boolean isPresent() {
            return of != null && of == connection;
        }
    }
}
