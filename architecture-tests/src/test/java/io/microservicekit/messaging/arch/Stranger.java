package io.microservicekit.messaging.arch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/**
 * Somebody who has nothing but what is published: a local repository of their own below {@code target} into which our jars and poms were
 * installed, other makers' artifacts from what this machine has already or from Central, and projects that Maven builds from there.
 */
final class Stranger {
    private static final Path HOME = House.scratch("stranger");
    private static final Path REPOSITORY = HOME.resolve("repository");

    private Stranger() {}

    /** Builds a project with modules; the user's own repository is only read. */
    static void build(Path project, String goal) {
        install();
        write(
                HOME.resolve("settings.xml"),
                SETTINGS.formatted(Path.of(House.property("maven.local")).toUri()));
        Jvm.run(
                project,
                List.of(
                        Path.of(House.property("maven.home"), "bin/mvn").toString(),
                        "-B",
                        "-q",
                        "-s",
                        HOME.resolve("settings.xml").toString(),
                        "-Dmaven.repo.local=" + REPOSITORY,
                        goal));
    }

    static Path emptyProject(String name) {
        Path project = HOME.resolve(name);
        delete(project);
        return project;
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install() {
        delete(REPOSITORY.resolve("io/microservicekit"));
        install("messaging-bom", "pom", House.root().resolve("messaging-bom/pom.xml"));
        for (String artifact : published()) {
            Path target = House.root().resolve(artifact + "/target");
            install(artifact, "pom", target.resolve("published.pom"));
            install(artifact, "jar", target.resolve(artifact + "-" + House.version() + ".jar"));
        }
    }

    private static List<String> published() {
        try (Stream<Path> directories = Files.list(House.root())) {
            return directories
                    .filter(directory -> Files.exists(directory.resolve("target/published.pom")))
                    .map(directory -> directory.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install(String artifact, String type, Path file) {
        Path directory = REPOSITORY.resolve("io/microservicekit/" + artifact + "/" + House.version());
        try {
            Files.createDirectories(directory);
            Files.copy(
                    file,
                    directory.resolve(artifact + "-" + House.version() + "." + type),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, java.io.IOException error) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final String SETTINGS = """
            <settings>
              <profiles>
                <profile>
                  <id>what-is-here</id>
                  <repositories>
                    <repository><id>here</id><url>%1$s</url></repository>
                  </repositories>
                  <pluginRepositories>
                    <pluginRepository><id>here</id><url>%1$s</url></pluginRepository>
                  </pluginRepositories>
                </profile>
              </profiles>
              <activeProfiles><activeProfile>what-is-here</activeProfile></activeProfiles>
            </settings>
            """;
}
