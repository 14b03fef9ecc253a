package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories with all that is in them. */
final class Trees {
    /** A broker that is about to end may write while its files are deleted. */
    private static final int ATTEMPTS = 20;

    private Trees() {}

    /** Deletes a directory; false when something of it is left. */
    static boolean delete(Path root) {
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(root); attempt++) {
            deepestFirst(root).forEach(Trees::tryDelete);
        }
        return Files.notExists(root);
    }

    private static List<Path> deepestFirst(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException | UncheckedIOException e) {
            // Somebody else deletes as well: look again.
            return List.of();
        }
    }

    private static void tryDelete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It is not empty any more, or not ours to delete: the caller sees that it is left.
        }
    }
}
