package io.microservicekit.messaging.it.rabbitmq;

import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** AMQP 0-9-1 byte by byte on a socket: what another client may write and read, without the client library that this one is built upon. */
final class RawFrames implements AutoCloseable {
    private static final int METHOD = 1;
    private static final int HEADER = 2;
    private static final int BODY = 3;
    private static final int END = 0xCE;
    private static final int CONNECTION = 10;
    private static final int BASIC = 60;
    /** The flag of a message's property {@code headers}; the next lower one is that of {@code delivery-mode}. */
    private static final int HEADERS = 1 << 13;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private RawFrames(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /** Opens a connection and a channel as the user of the node's URL, on the default virtual host. */
    static RawFrames open(RabbitMqServer server) throws IOException {
        URI url = URI.create(server.url());
        Socket socket = new Socket(InetAddress.getAllByName(url.getHost())[0], url.getPort());
        socket.setSoTimeout(60_000);
        RawFrames frames = new RawFrames(socket);
        frames.shakeHands("\0" + url.getUserInfo().replace(':', '\0'));
        return frames;
    }

    private void shakeHands(String identity) throws IOException {
        out.write(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
        out.flush();
        expect(CONNECTION, 10);
        send(
                0,
                CONNECTION,
                11,
                new Bytes().block(new byte[0]).word("PLAIN").text(identity).word("en_US"));
        byte[] limits = expect(CONNECTION, 30).readNBytes(6);
        send(0, CONNECTION, 31, new Bytes().bytes(limits).number(0, 2));
        send(0, CONNECTION, 40, new Bytes().word("/").word("").number(0, 1));
        expect(CONNECTION, 41);
        send(1, 20, 10, new Bytes().word(""));
        expect(20, 11);
    }

    /** Publishes a message with a table of headers to the broker's topic exchange. */
    void publish(String key, Bytes table, byte[] body) throws IOException {
        send(1, BASIC, 40, new Bytes().number(0, 2).word("amq.topic").word(key).number(0, 1));
        Bytes header = new Bytes().number(BASIC, 2).number(0, 2).number(body.length, 8);
        frame(HEADER, 1, header.number(HEADERS, 2).block(table.array()).array());
        frame(BODY, 1, body);
    }

    /** Takes the next message of a queue; there must be one, with headers and a delivery mode. */
    Got get(String queue) throws IOException {
        send(1, BASIC, 70, new Bytes().number(0, 2).word(queue).number(1, 1));
        expect(BASIC, 71);
        DataInputStream header = frame(HEADER);
        header.skipNBytes(4);
        long size = header.readLong();
        int flags = header.readUnsignedShort();
        if (flags >>> 12 != 3) {
            throw new IOException("other properties: " + Integer.toHexString(flags));
        }
        Map<String, String> headers = table(header.readNBytes(header.readInt()));
        int mode = header.readUnsignedByte();
        Bytes body = new Bytes();
        while (body.array().length < size) {
            body.bytes(frame(BODY).readAllBytes());
        }
        return new Got(headers, mode, HexFormat.of().formatHex(body.array()));
    }

    /**
     * A message as it lies at the broker.
     *
     * @param headers each as {@link #field} shows it
     * @param mode 2 for a persistent one
     * @param body what it carries, in hexadecimal digits
     */
    record Got(Map<String, String> headers, int mode, String body) {}

    /** How a header with this type and these bytes is shown. */
    static String field(char type, byte[] value) {
        return type + " " + HexFormat.of().formatHex(value);
    }

    private static Map<String, String> table(byte[] bytes) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        DataInputStream table = new DataInputStream(new ByteArrayInputStream(bytes));
        while (table.available() > 0) {
            String name = new String(table.readNBytes(table.readUnsignedByte()), StandardCharsets.UTF_8);
            char type = (char) table.readUnsignedByte();
            fields.put(name, field(type, table.readNBytes(size(type, table))));
        }
        return fields;
    }

    private static int size(char type, DataInputStream table) throws IOException {
        return switch (type) {
            case 'V' -> 0;
            case 't', 'b', 'B' -> 1;
            case 's', 'u' -> 2;
            case 'I', 'i', 'f' -> 4;
            case 'D' -> 5;
            case 'l', 'd', 'T' -> 8;
            case 'S', 'x', 'A', 'F' -> table.readInt();
            default -> throw new IOException("a field of the unknown type '" + type + "'");
        };
    }

    private void send(int channel, int type, int method, Bytes arguments) throws IOException {
        frame(
                METHOD,
                channel,
                new Bytes()
                        .number(type, 2)
                        .number(method, 2)
                        .bytes(arguments.array())
                        .array());
    }

    private void frame(int type, int channel, byte[] payload) throws IOException {
        Bytes frame =
                new Bytes().number(type, 1).number(channel, 2).block(payload).number(END, 1);
        out.write(frame.array());
        out.flush();
    }

    private DataInputStream expect(int type, int method) throws IOException {
        DataInputStream arguments = frame(METHOD);
        int gotType = arguments.readUnsignedShort();
        int gotMethod = arguments.readUnsignedShort();
        if (gotType != type || gotMethod != method) {
            throw new IOException("method " + gotType + "." + gotMethod + " came instead of " + type + "." + method
                    + ": " + new String(arguments.readAllBytes(), StandardCharsets.UTF_8));
        }
        return arguments;
    }

    private DataInputStream frame(int type) throws IOException {
        int gotType = in.readUnsignedByte();
        in.skipNBytes(2);
        byte[] payload = in.readNBytes(in.readInt());
        if (in.readUnsignedByte() != END || gotType != type) {
            throw new IOException("a frame of type " + gotType + " came instead of " + type);
        }
        return new DataInputStream(new ByteArrayInputStream(payload));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Bytes that are put together. */
    static final class Bytes {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        Bytes bytes(byte[] more) {
            all.writeBytes(more);
            return this;
        }

        /** The lowest bytes of a number, the highest of them first. */
        Bytes number(long value, int size) {
            for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
                all.write((int) (value >>> shift));
            }
            return this;
        }

        Bytes block(byte[] more) {
            return number(more.length, 4).bytes(more);
        }

        Bytes text(String text) {
            return block(text.getBytes(StandardCharsets.UTF_8));
        }

        Bytes word(String text) {
            byte[] word = text.getBytes(StandardCharsets.UTF_8);
            return number(word.length, 1).bytes(word);
        }

        /** The name and the type of a field, whose value follows. */
        Bytes field(String name, char type) {
            return word(name).number(type, 1);
        }

        byte[] array() {
            return all.toByteArray();
        }
    }
}
