package io.microservicekit.messaging.testkit.junit.internal.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Accepts connections on one port, unless it refuses them. Any thread may call. */
public final class ProxyListener {
    private static final int BACKLOG = 50;
    private static final long ACCEPT_END_MILLIS = 5_000;

    private final InetSocketAddress own;
    private final InetSocketAddress target;
    private final Faults faults;
    private final Set<ProxyConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Listening listening;

    /** The port while it is open, and the thread that accepts on it. */
    private record Listening(ServerSocket socket, Thread accepting) {}

    /** Does not listen yet. */
    public ProxyListener(InetSocketAddress own, InetSocketAddress target, Faults faults) {
        this.own = own;
        this.target = target;
        this.faults = faults;
    }

    /** Accepts connections from now on; does nothing when it does so already. */
    public void listen() {
        lock.lock();
        try {
            if (listening == null) {
                ServerSocket socket = new ServerSocket();
                socket.setReuseAddress(true);
                socket.bind(own, BACKLOG);
                Thread thread = new Thread(() -> acceptAll(socket), "fault-proxy-accept");
                thread.setDaemon(true);
                listening = new Listening(socket, thread);
                thread.start();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("listening on " + own + " for a fault proxy failed", e);
        } finally {
            lock.unlock();
        }
    }

    /** Refuses connections from now on, and resets those that are there. */
    public void refuse() {
        Listening ended = end();
        if (ended != null) {
            awaitEnd(ended.accepting());
        }
        reset();
    }

    private @Nullable Listening end() {
        lock.lock();
        try {
            Listening ended = listening;
            listening = null;
            if (ended != null) {
                ended.socket().close();
            }
            return ended;
        } catch (IOException e) {
            throw new UncheckedIOException("refusing connections on " + own + " failed", e);
        } finally {
            lock.unlock();
        }
    }

    /** The system keeps the port open for as long as a thread is inside accept: a connection would still be taken. */
    private static void awaitEnd(Thread accepting) {
        try {
            accepting.join(ACCEPT_END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Resets the connections that are there. */
    public int reset() {
        List<ProxyConnection> present = List.copyOf(connections);
        present.forEach(ProxyConnection::reset);
        return present.size();
    }

    /** How many connections were accepted so far. */
    public long accepted() {
        return accepted.get();
    }

    private void acceptAll(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                accept(socket.accept());
            } catch (IOException e) {
                // It refuses connections now, or the client has gone already.
            }
        }
    }

    private void accept(Socket client) {
        ProxyConnection connection = new ProxyConnection(client, faults, connections::remove);
        connections.add(connection);
        accepted.incrementAndGet();
        connection.start(target);
        if (isRefusing()) {
            connection.reset();
        }
    }

    private boolean isRefusing() {
        lock.lock();
        try {
            return listening == null;
        } finally {
            lock.unlock();
        }
    }
}
