package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The directory of one broker: its settings, its log and its data. */
final class BrokerHome {
    private static final int TAIL_BYTES = 8_192;

    private final Path root;
    private final boolean temporary;

    private BrokerHome(Path root, boolean temporary) {
        this.root = root;
        this.temporary = temporary;
    }

    /** Lives in the given directory and leaves it there, or in a temporary one that {@link #delete} removes. */
    static BrokerHome in(@Nullable Path directory) {
        try {
            return directory == null
                    ? new BrokerHome(Files.createTempDirectory("kafka-broker-").toRealPath(), true)
                    : new BrokerHome(Files.createDirectories(directory).toRealPath(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "creating the broker's directory " + (directory == null ? "for temporary files" : directory)
                            + " failed; make its parent writable",
                    e);
        }
    }

    Path data() {
        return root.resolve("data");
    }

    Path log() {
        return root.resolve("broker.log");
    }

    Path settings() {
        return root.resolve("server.properties");
    }

    void write(Map<String, String> settings) {
        try {
            Files.createDirectories(data());
            Files.writeString(settings(), BrokerProperties.text(settings), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("writing the broker's settings to " + settings() + " failed", e);
        }
    }

    String logTail() {
        try {
            byte[] log = Files.readAllBytes(log());
            int from = Math.max(0, log.length - TAIL_BYTES);
            return new String(log, from, log.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }

    void delete() {
        if (!temporary || Files.notExists(root)) {
            return;
        }
        for (Path path : deepestFirst()) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException("deleting the broker's temporary directory " + root + " failed", e);
            }
        }
    }

    private List<Path> deepestFirst() {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing the broker's temporary directory " + root + " failed", e);
        }
    }
}
