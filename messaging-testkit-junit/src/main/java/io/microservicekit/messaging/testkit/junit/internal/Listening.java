package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Whose a listener is, as Linux tells below {@code /proc}: who answers on a port may be somebody else's node. */
final class Listening {
    private static final Path IPV4 = Path.of("/proc/net/tcp");
    /** There an address of IPv4 has a prefix: Java listens with sockets of both kinds. */
    private static final Path IPV6 = Path.of("/proc/net/tcp6");

    private static final String LISTEN = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private Listening() {}

    /** Whether a process has the listener on a port of 127.0.0.1. */
    static boolean isOf(long pid, int port) {
        String local = String.format(Locale.ROOT, "0100007F:%04X", port);
        try {
            List<String> sockets = new ArrayList<>(listeners(IPV4, local));
            sockets.addAll(Files.exists(IPV6) ? listeners(IPV6, local) : List.of());
            return !sockets.isEmpty() && opened(pid).anyMatch(sockets::contains);
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> listeners(Path table, String local) throws IOException {
        return Files.readAllLines(table).stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns.length > INODE && columns[LOCAL].endsWith(local))
                .filter(columns -> columns[STATE].equals(LISTEN))
                .map(columns -> "socket:[" + columns[INODE] + "]")
                .toList();
    }

    private static Stream<String> opened(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return files.map(Listening::target).toList().stream();
        }
    }

    /** Empty when the file was closed in between. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
