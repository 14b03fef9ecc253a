package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Who shares a connection, and how often each of them had the same trouble. Confined to the loop of the connection. */
final class Users {
    private final Loop loop;
    private final String connection;
    private final Map<ConnectionUser, Standing> standings = new LinkedHashMap<>();

    /** What is held against one of them. */
    private record Standing(Repetition trouble, Suspicion suspicion) {}

    /** Nobody yet. */
    Users(Loop loop, String connection) {
        this.loop = loop;
        this.connection = connection;
    }

    void join(ConnectionUser user) {
        standings.put(user, new Standing(new Repetition(), new Suspicion()));
    }

    void leave(ConnectionUser user) {
        standings.remove(user);
    }

    void clear() {
        standings.clear();
    }

    boolean has(ConnectionUser user) {
        return standings.containsKey(user);
    }

    boolean isEmpty() {
        return standings.isEmpty();
    }

    /** Those who are there now. */
    List<ConnectionUser> all() {
        return new ArrayList<>(standings.keySet());
    }

    /** It has worked steadily. */
    void stable(ConnectionUser user) {
        Standing standing = standings.get(user);
        if (standing != null) {
            standing.trouble().reset();
        }
    }

    /** One more trouble of its own, which may be one too many. */
    void troubled(ConnectionUser user, Closure closure, long now) {
        Standing standing = standings.get(user);
        if (standing != null && standing.trouble().isEndless(closure, now)) {
            failed(user, closure);
        }
    }

    /** It may be the one whose step has ended the connection, as others may be. */
    void suspect(ConnectionUser user) {
        Standing standing = standings.get(user);
        if (standing != null) {
            standing.suspicion().suspect();
        }
    }

    /** It alone was asking when the connection ended, which may be once too often. */
    void count(ConnectionUser user, Closure closure, boolean alone, long now, MessagingException cause) {
        Standing standing = standings.get(user);
        if (standing != null && standing.suspicion().isProvenBy(closure, alone, now)) {
            failed(user, cause);
        }
    }

    /** What it asked for was answered. */
    void clear(ConnectionUser user) {
        Standing standing = standings.get(user);
        if (standing != null) {
            standing.suspicion().clear();
        }
    }

    /**
     * In which turns they are told of a connection: one against whom one proof is missing, those who are not suspected together, and one suspect after the
     * other, so that what the others ask for has been answered before the next end.
     */
    List<List<ConnectionUser>> turns() {
        List<ConnectionUser> suspects = new ArrayList<>();
        List<ConnectionUser> others = new ArrayList<>();
        standings.forEach((user, standing) -> (standing.suspicion().isSuspected() ? suspects : others).add(user));
        suspects.sort(Comparator.comparingInt(user -> suspicion(user).ends()));
        List<List<ConnectionUser>> turns = new ArrayList<>();
        suspects.stream()
                .filter(user -> suspicion(user).isDue())
                .findFirst()
                .ifPresent(user -> turns.add(List.of(user)));
        turns.add(others);
        suspects.stream().map(List::of).filter(turn -> !turns.contains(turn)).forEach(turns::add);
        return turns;
    }

    /** Whether one proof is missing against it. */
    boolean isDue(ConnectionUser user) {
        Standing standing = standings.get(user);
        return standing != null && standing.suspicion().isDue();
    }

    private Suspicion suspicion(ConnectionUser user) {
        return Objects.requireNonNull(standings.get(user), "a user").suspicion();
    }

    /** Tells it so. */
    void failed(ConnectionUser user, Closure closure) {
        failed(user, ConnectFailures.endless(connection, closure, user.staysWhenFailed()));
    }

    private void failed(ConnectionUser user, MessagingException cause) {
        if (!user.staysWhenFailed()) {
            standings.remove(user);
        }
        tell(user, told -> told.failed(cause));
    }

    /** One may leave, or another join, while they are told. */
    void tellAll(Consumer<ConnectionUser> telling) {
        for (ConnectionUser user : all()) {
            if (has(user)) {
                tell(user, telling);
            }
        }
    }

    /** What one throws is not the end of the others: the loop logs it. */
    void tell(ConnectionUser user, Consumer<ConnectionUser> telling) {
        try {
            telling.accept(user);
        } catch (RuntimeException | Error e) {
            loop.execute(() -> {
                throw e;
            });
        }
    }
}
