package io.microservicekit.messaging.core.internal.runtime;

import io.microservicekit.messaging.api.message.ClosedException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** All threads of one client: named after it, and gone after {@link #close()}. */
final class OwnedThreads {
    private final String clientId;
    private final ThreadLocal<Place> place;
    private final Set<Owned> owned = new LinkedHashSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    OwnedThreads(String clientId, ThreadLocal<Place> place) {
        this.clientId = clientId;
        this.place = place;
    }

    /** Ends with the client at the latest. */
    interface Owned {
        void end();
    }

    /** Takes over what was made, unless the client is closed: then nothing may be left running. */
    <T extends Owned> T add(T made) {
        synchronized (owned) {
            if (!closed) {
                owned.add(made);
                return made;
            }
        }
        made.end();
        throw refused();
    }

    void forget(Owned ended) {
        synchronized (owned) {
            owned.remove(ended);
        }
    }

    Thread start(Thread thread) {
        synchronized (owned) {
            if (closed) {
                throw refused();
            }
            thread.start();
        }
        return thread;
    }

    private ClosedException refused() {
        return new ClosedException(
                ErrorCode.CLIENT_CLOSED,
                "Starting a thread of client '" + clientId
                        + "' was not tried: the client is closed. Build a new client.");
    }

    /** No thread of a client keeps the program alive: what is unfinished when it ends is delivered again. */
    ThreadFactory factory(String name, Place kind) {
        return task -> {
            Runnable placed = () -> {
                place.set(kind);
                task.run();
            };
            Thread thread = new Thread(placed, clientId + "-" + name);
            thread.setDaemon(true);
            return track(thread);
        };
    }

    ThreadFactory handlerFactory(String name, @Nullable ThreadFactory users) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = users == null ? new Thread(task) : users.newThread(task);
            thread.setName(clientId + "-" + name + "-handler-" + count.incrementAndGet());
            return track(thread);
        };
    }

    private Thread track(Thread thread) {
        synchronized (owned) {
            threads.removeIf(known -> known.getState() == Thread.State.TERMINATED);
            threads.add(thread);
        }
        return thread;
    }

    void close() {
        List<Owned> toEnd;
        List<Thread> toJoin;
        synchronized (owned) {
            closed = true;
            toEnd = new ArrayList<>(owned);
            owned.clear();
            toJoin = new ArrayList<>(threads);
        }
        toEnd.forEach(Owned::end);
        join(toJoin);
    }

    /** Waits briefly, so that threads are gone when close returns; one of our own threads does not wait for others. */
    private void join(List<Thread> toJoin) {
        if (place.get() != Place.OUTSIDE) {
            return;
        }
        long end = System.nanoTime() + SystemRuntime.JOIN.toNanos();
        try {
            for (Thread thread : toJoin) {
                long left = end - System.nanoTime();
                if (left > 0 && thread.isAlive()) {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
