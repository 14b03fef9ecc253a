package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The directory of one broker: its settings, its log and its data. */
final class BrokerHome {
    private static final int TAIL_BYTES = 8_192;

    private final Path root;
    private final boolean temporary;
    private final @Nullable Thread atExit;

    private BrokerHome(Path root, boolean temporary) {
        this.root = root;
        this.temporary = temporary;
        this.atExit = temporary ? deleteAtExit(root) : null;
    }

    /** A signal may end this JVM in the middle of a start. A broker that lives on until then deletes what it writes later. */
    private static Thread deleteAtExit(Path root) {
        Thread hook = new Thread(() -> Trees.delete(root), "broker-directory");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException thisJvmIsEnding) {
            Trees.delete(root);
            throw thisJvmIsEnding;
        }
        return hook;
    }

    /** Lives in the given directory and leaves it there, or in a temporary one, named so, that {@link #delete} removes. */
    static BrokerHome in(String prefix, @Nullable Path directory) {
        return create(directory, () -> Files.createTempDirectory(prefix));
    }

    /** As {@link #in}, with the temporary one in a system of its own. */
    static BrokerHome in(String prefix, @Nullable Path directory, Path system) {
        return create(directory, () -> Files.createTempDirectory(system.resolve("tmp"), prefix));
    }

    private interface Creation {
        Path temporary() throws IOException;
    }

    private static BrokerHome create(@Nullable Path directory, Creation creation) {
        try {
            return directory == null
                    ? new BrokerHome(creation.temporary().toRealPath(), true)
                    : new BrokerHome(Files.createDirectories(directory).toRealPath(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "creating the broker's directory " + (directory == null ? "for temporary files" : directory)
                            + " failed; make its parent writable",
                    e);
        }
    }

    Path root() {
        return root;
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

    /** What the broker deletes when its owner is gone; null when it stays. */
    @Nullable Path whenOwnerIsGone() {
        return temporary ? root : null;
    }

    /** Fails when the directory is gone: what a signal has had deleted in the middle of a start must not come again, for then nobody deletes it. */
    void write(Map<String, String> settings) {
        try {
            if (Files.notExists(data())) {
                Files.createDirectory(data());
            }
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
        if (!temporary) {
            return;
        }
        if (!Trees.delete(root)) {
            throw new IllegalStateException(
                    "deleting the broker's temporary directory " + root + " failed; do it by hand");
        }
        keepNoHook();
    }

    private void keepNoHook() {
        if (atExit == null) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This JVM is ending: the hook finds nothing.
        }
    }
}
