package io.microservicekit.messaging.arch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * One text file of the repository.
 *
 * @param path relative to the root, with slashes
 * @param text the content
 */
record RepositoryFile(String path, String text) {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".idea", ".vscode", ".settings");

    /** Everything but what the build or an editor makes. */
    static List<RepositoryFile> below(Path directory) {
        List<RepositoryFile> found = new ArrayList<>();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                    boolean ours = !NOT_OURS.contains(visited.getFileName().toString());
                    return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isRegularFile()) {
                        found.add(read(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(Comparator.comparing(RepositoryFile::path));
        return found;
    }

    private static RepositoryFile read(Path file) throws IOException {
        String path = House.root().relativize(file).toString().replace('\\', '/');
        return new RepositoryFile(path, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }
}
