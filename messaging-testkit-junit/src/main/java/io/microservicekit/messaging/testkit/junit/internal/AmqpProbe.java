package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Asks a port whether AMQP 0-9-1 is spoken there, without a client library. */
final class AmqpProbe {
    private static final byte[] HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final int CONNECT_MILLIS = 500;
    private static final int ANSWER_MILLIS = 10_000;
    /** Type of the frame (method), channel, size, class and method. */
    private static final int START_BYTES = 11;

    private AmqpProbe() {}

    /** Whether the node begins a connection: {@code connection.start} is class 10, method 10 on channel 0. */
    static boolean answers(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write(HEADER);
            return isStart(socket.getInputStream());
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether connections are taken there, whatever is spoken. */
    static boolean listens(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isStart(InputStream in) throws IOException {
        byte[] begin = in.readNBytes(START_BYTES);
        return begin.length == START_BYTES && begin[0] == 1 && begin[8] == 10 && begin[10] == 10;
    }
}
