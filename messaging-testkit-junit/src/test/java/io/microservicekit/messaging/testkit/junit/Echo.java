package io.microservicekit.messaging.testkit.junit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** A server that sends back what it gets, a thread for each connection. */
public final class Echo implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicLong received = new AtomicLong();

    public Echo() throws IOException {
        server = new ServerSocket(0, 50, loopback());
        fork(() -> {
            while (!server.isClosed()) {
                Socket client = server.accept();
                fork(() -> answer(client));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void fork(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // The other side has gone.
                    }
                },
                "echo");
        thread.setDaemon(true);
        thread.start();
    }

    private void answer(Socket client) throws IOException {
        try (client) {
            byte[] buffer = new byte[8_192];
            for (int count = client.getInputStream().read(buffer);
                    count >= 0;
                    count = client.getInputStream().read(buffer)) {
                received.addAndGet(count);
                client.getOutputStream().write(buffer, 0, count);
            }
        }
    }

    static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many bytes all connections have sent. */
    public long received() {
        return received.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
