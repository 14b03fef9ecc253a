package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the user whose step ends the connection: tells users of a connection in turns, each begun when the one before was answered. An innocent user
 * never fails because of others, since only an end counts as proof before which nobody else was told of the connection and the suspect was not answered.
 * A guilty one always fails, since it is never answered, so that each end either puts further users under suspicion, which happens once to each, or counts
 * against the suspect whose turn it is, and who has enough against it has the first turn alone. Confined to the loop of the connection.
 */
final class Inquest {
    /** Each step is answered or given up before that, unless the broker is very slow. */
    private static final Duration TURN = Duration.ofSeconds(30);

    /** One whose step was pending when the connection ended. */
    private record Suspect(ConnectionUser user, Closure closure, MessagingException cause) {}

    private final Loop loop;
    private final Users users;
    private final Deque<List<ConnectionUser>> turns = new ArrayDeque<>();
    private final List<ConnectionUser> unanswered = new ArrayList<>();
    private final List<Suspect> suspects = new ArrayList<>();
    private Consumer<ConnectionUser> greeting = user -> {};
    private int greeted;
    private Loop.@Nullable Timer limit;

    /** There is no connection. */
    Inquest(Loop loop, Users users) {
        this.loop = loop;
        this.users = users;
    }

    /** There is a connection, of which all are told in their turn. */
    void begin(Consumer<ConnectionUser> telling) {
        greeting = telling;
        greeted = 0;
        suspects.clear();
        turns.addAll(users.turns());
        next();
    }

    /** One more has come while there is a connection. */
    void join(ConnectionUser user) {
        turns.removeIf(turn -> turn.stream().noneMatch(users::has));
        if (turns.isEmpty() && !isProofPending()) {
            greeted++;
            users.tell(user, greeting);
        } else {
            turns.add(List.of(user));
        }
    }

    /** Whether an end would be the proof against one, as long as nobody else is told. */
    private boolean isProofPending() {
        return greeted == 1 && unanswered.stream().anyMatch(users::isDue);
    }

    /** What it asked for was answered, or it has left. */
    void answered(ConnectionUser user) {
        users.clear(user);
        if (unanswered.remove(user) && unanswered.isEmpty()) {
            next();
        }
    }

    private void next() {
        stop();
        unanswered.clear();
        while (unanswered.isEmpty() && !turns.isEmpty()) {
            unanswered.addAll(turns.remove());
            unanswered.removeIf(user -> !users.has(user));
        }
        if (!turns.isEmpty()) {
            limit = loop.schedule(TURN, this::next);
        }
        for (ConnectionUser user : new ArrayList<>(unanswered)) {
            if (users.has(user)) {
                greeted++;
                users.tell(user, greeting);
            }
        }
    }

    private void stop() {
        if (limit != null) {
            limit.cancel();
            limit = null;
        }
    }

    /** The connection has ended, or is about to say so, while a step of this user was pending. */
    void suspected(ConnectionUser user, Closure closure, MessagingException cause) {
        suspects.add(new Suspect(user, closure, cause));
    }

    /** The connection has ended: nobody else is told of it. */
    void lost() {
        stop();
        turns.clear();
        unanswered.clear();
    }

    /**
     * All have heard of the end of the connection.
     *
     * @return whether a step may have been the reason, which is then no trouble of all
     */
    boolean end(long now) {
        List<Suspect> found = new ArrayList<>(suspects);
        suspects.clear();
        if (found.size() == 1) {
            Suspect only = found.get(0);
            users.count(only.user(), only.closure(), greeted == 1, now, only.cause());
        } else {
            found.forEach(one -> users.suspect(one.user()));
        }
        return !found.isEmpty();
    }
}
