package io.microservicekit.messaging.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * One published module with the class files that were compiled from it.
 *
 * @param artifact the artifact, which is also the directory
 * @param root the package all its packages begin with
 * @param atLeast how many classes must be seen, so that a rule never passes because it looked at nothing
 * @param shows packages of other makers that its exported signatures may show
 * @param uses packages of other makers that its classes may use, those in {@code shows} included
 */
record Module(String artifact, String root, int atLeast, List<String> shows, List<String> uses) {
    static final String BASE = "io.microservicekit.messaging";

    static final Module API = new Module("messaging-api", BASE + ".api", 60, List.of(), List.of());
    static final Module CORE = new Module("messaging-core", BASE + ".core", 90, List.of(), List.of("jdk.jfr"));
    static final Module KAFKA = new Module(
            "messaging-kafka", BASE + ".kafka", 20, List.of(), List.of("org.apache.kafka", "javax.security.auth"));
    static final Module RABBITMQ = new Module(
            "messaging-rabbitmq", BASE + ".rabbitmq", 40, List.of(), List.of("com.rabbitmq.client", "javax.net.ssl"));
    static final Module TESTKIT =
            new Module("messaging-testkit", BASE + ".testkit", 60, List.of("org.assertj"), List.of("org.assertj"));
    static final Module TESTKIT_JUNIT = new Module(
            "messaging-testkit-junit",
            BASE + ".testkit.junit",
            20,
            List.of("org.junit"),
            List.of("org.junit", "org.apache.kafka"));

    private static final String RUN_BY =
            "the jar of %s holds what was compiled; mvn test makes no jars: run bin/test, or mvn verify";

    /** The modules that are there: each directory with a module descriptor. */
    static List<Module> all() {
        return List.of(API, CORE, KAFKA, RABBITMQ, TESTKIT, TESTKIT_JUNIT).stream()
                .filter(Module::exists)
                .toList();
    }

    /** The modules of which nothing but the port {@code ClientRuntime} may bring time, threads and randomness. */
    static List<Module> deterministic() {
        return all().stream().filter(module -> !module.equals(TESTKIT_JUNIT)).toList();
    }

    static List<String> directoriesWithDescriptor() {
        try (var directories = Files.list(House.root())) {
            return directories
                    .filter(directory -> Files.exists(directory.resolve("src/main/java/module-info.java")))
                    .map(directory -> directory.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All modules are imported together and once: that reads what they use of the class path, which takes seconds. */
    static JavaClasses classesOf(List<Module> modules) {
        List<String> places = modules.stream()
                .map(module -> module.classFiles().toUri().toString())
                .toList();
        return Imported.ALL.that(describe(
                "are of " + modules, type -> places.stream().anyMatch(place -> isFrom(type, place))));
    }

    private static boolean isFrom(JavaClass type, String place) {
        return type.getSource()
                .map(source -> source.getUri().toString().startsWith(place))
                .orElse(false);
    }

    private static final class Imported {
        private static final JavaClasses ALL = new ClassFileImporter()
                .importPaths(all().stream().map(Module::classFiles).toList());
    }

    JavaClasses classes() {
        return classesOf(List.of(this));
    }

    Path directory() {
        return House.root().resolve(artifact);
    }

    Path sources() {
        return directory().resolve("src/main/java");
    }

    Path classFiles() {
        return directory().resolve("target/classes");
    }

    Path jar() {
        return directory().resolve("target/" + artifact + "-" + House.version() + ".jar");
    }

    /** Fails unless the jar holds what was compiled; packaging adds to the descriptor. */
    void requirePackaged() {
        assertThat(jar()).as(RUN_BY, artifact).isRegularFile();
        try (FileSystem packed = FileSystems.newFileSystem(jar());
                Stream<Path> compiled = Files.walk(classFiles())) {
            for (Path file : compiled.filter(Module::isPackedAsItIs).toList()) {
                Path entry = packed.getPath("/" + classFiles().relativize(file));
                boolean same = Files.exists(entry) && Files.mismatch(file, entry) == -1;
                assertThat(same).as(RUN_BY, artifact + ", " + entry).isTrue();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isPackedAsItIs(Path file) {
        return Files.isRegularFile(file) && !file.endsWith("module-info.class");
    }

    String internal() {
        return root + ".internal";
    }

    /** What users see: a package that is opened to one other module only is not among them. */
    List<String> exported() {
        try (InputStream in = Files.newInputStream(classFiles().resolve("module-info.class"))) {
            List<String> packages = new ArrayList<>();
            ModuleDescriptor.read(in).exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .forEach(exports -> packages.add(exports.source()));
            packages.sort(Comparator.naturalOrder());
            return packages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean exists() {
        return Files.exists(sources().resolve("module-info.java"));
    }

    @Override
    public String toString() {
        return artifact;
    }
}
