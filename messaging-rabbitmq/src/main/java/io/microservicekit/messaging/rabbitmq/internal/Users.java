package io.microservicekit.messaging.rabbitmq.internal;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.rabbitmq.internal.link.Closure;
import io.microservicekit.messaging.rabbitmq.internal.link.ConnectionUser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Who shares a connection, and how often each of them had the same trouble. Confined to the loop of the connection. */
final class Users {
    private final Loop loop;
    private final String connection;
    private final Map<ConnectionUser, Repetition> troubles = new LinkedHashMap<>();

    /** Nobody yet. */
    Users(Loop loop, String connection) {
        this.loop = loop;
        this.connection = connection;
    }

    void join(ConnectionUser user) {
        troubles.put(user, new Repetition());
    }

    void leave(ConnectionUser user) {
        troubles.remove(user);
    }

    void clear() {
        troubles.clear();
    }

    boolean has(ConnectionUser user) {
        return troubles.containsKey(user);
    }

    boolean isEmpty() {
        return troubles.isEmpty();
    }

    /** Those who are there now. */
    List<ConnectionUser> all() {
        return new ArrayList<>(troubles.keySet());
    }

    /** It has worked steadily. */
    void stable(ConnectionUser user) {
        Repetition trouble = troubles.get(user);
        if (trouble != null) {
            trouble.reset();
        }
    }

    /** One more trouble of its own, which may be one too many. */
    void troubled(ConnectionUser user, Closure closure, long now) {
        Repetition trouble = troubles.get(user);
        if (trouble != null && trouble.isEndless(closure, now)) {
            failed(user, closure);
        }
    }

    /** Tells it so. */
    void failed(ConnectionUser user, Closure closure) {
        boolean stays = user.staysWhenFailed();
        if (!stays) {
            troubles.remove(user);
        }
        MessagingException cause = ConnectFailures.endless(connection, closure, stays);
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
