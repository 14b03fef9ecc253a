package io.microservicekit.messaging.testkit.junit.internal.shared;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A client's connection and the one to the broker that stands for it. */
final class ProxyConnection {
    private final Socket client;
    private final Socket broker = new Socket();
    private final Faults faults;
    private final Consumer<ProxyConnection> whenEnded;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    ProxyConnection(Socket client, Faults faults, Consumer<ProxyConnection> whenEnded) {
        this.client = client;
        this.faults = faults;
        this.whenEnded = whenEnded;
    }

    /** Connects to the broker and moves bytes until one side ends. */
    void start(InetSocketAddress target) {
        fork("connect", () -> {
            broker.connect(target);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            Pump up = new Pump(faults, true);
            Pump down = new Pump(faults, false);
            fork("up-read", () -> done(() -> up.read(client)));
            fork("up-write", () -> up.write(broker));
            fork("down-read", () -> done(() -> down.read(broker)));
            return down.write(client) && end();
        });
    }

    private static boolean done(Step step) throws IOException, InterruptedException {
        step.run();
        return true;
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    /** The broker has ended the connection in order, and the client was told. */
    private boolean end() {
        whenEnded.accept(this);
        close(client);
        close(broker);
        return true;
    }

    private void fork(String what, Callable<Boolean> step) {
        Thread thread = new Thread(() -> resetUnlessDone(step), "fault-proxy-" + what);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void resetUnlessDone(Callable<Boolean> step) {
        boolean done = false;
        try {
            done = step.call();
        } catch (Exception e) {
            // The other side is told by a reset, as this one was.
        } finally {
            if (!done) {
                reset();
            }
        }
    }

    /** Ends both sides by RST: nothing that is under way arrives. */
    void reset() {
        whenEnded.accept(this);
        abort(client);
        abort(broker);
        threads.forEach(Thread::interrupt);
    }

    private static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            // It is closed already.
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody uses it any more.
        }
    }
}
