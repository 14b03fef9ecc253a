package io.microservicekit.messaging.core.internal.runtime;

import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** All threads of one client: named after it, and gone after {@link #close()}. */
final class OwnedThreads {
    private static final long JOIN_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final String clientId;
    private final ThreadLocal<Place> place;
    private final List<Runnable> closers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    OwnedThreads(String clientId, ThreadLocal<Place> place) {
        this.clientId = clientId;
        this.place = place;
    }

    ThreadLoop add(ThreadLoop loop) {
        addCloser(loop::close);
        return loop;
    }

    PooledHandlers add(PooledHandlers handlers) {
        addCloser(handlers::close);
        return handlers;
    }

    private void addCloser(Runnable closer) {
        synchronized (closers) {
            if (!closed) {
                closers.add(closer);
                return;
            }
        }
        closer.run();
    }

    /** Loops and drivers end with the program; only handlers, which do its work, keep it alive. */
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
        synchronized (closers) {
            threads.removeIf(known -> known.getState() == Thread.State.TERMINATED);
            threads.add(thread);
        }
        return thread;
    }

    void close() {
        List<Runnable> toClose;
        List<Thread> toJoin;
        synchronized (closers) {
            closed = true;
            toClose = new ArrayList<>(closers);
            closers.clear();
            toJoin = new ArrayList<>(threads);
        }
        toClose.forEach(Runnable::run);
        join(toJoin);
    }

    /** Waits briefly, so that threads are gone when close returns; one of our own threads does not wait for others. */
    private void join(List<Thread> toJoin) {
        if (place.get() != Place.OUTSIDE) {
            return;
        }
        long end = System.nanoTime() + JOIN_NANOS;
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
