package io.microservicekit.messaging.arch;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each published module boots with its own dependencies and nothing else, as the published pom names them, on the JDK that runs the test:
 * {@code bin/test --long=jdk25} does the same on the newer one.
 */
class BootArchTest {
    private static final Map<Module, List<String>> PROVIDERS = Map.of(
            Module.TESTKIT, List.of("provider memory " + Module.TESTKIT.internal() + ".MemoryBackendProvider"),
            Module.KAFKA, List.of("provider kafka " + Module.KAFKA.internal() + ".KafkaBackendProvider"));

    /** What needs a library that is optional, by the beginning of its name. */
    private static final Map<Module, String> NEEDS_OPTIONAL_LIBRARY = Map.of(
            Module.TESTKIT, "unusable " + Module.TESTKIT.root() + ".\\w*Assert(ions)?",
            Module.TESTKIT_JUNIT,
                    "unusable " + Module.TESTKIT_JUNIT.root()
                            + "\\.((Kafka|RabbitMq)ServerExtension|internal\\.BrokerAdmin.*)");

    private static Path project;
    private static Path boot;

    @BeforeAll
    static void copyTheRuntimeClosureOfEachModule() throws IOException {
        Module.all().forEach(Module::requirePackaged);
        project = Stranger.emptyProject("closures");
        Stranger.write(project.resolve("pom.xml"), Poms.aggregator(Module.all()));
        for (Module module : Module.all()) {
            Stranger.write(project.resolve(module.artifact() + "/pom.xml"), Poms.closureOf(module));
        }
        Stranger.build(project, "package");
        boot = project.resolve("boot");
        copyBoot();
    }

    private static void copyBoot() throws IOException {
        for (String name : List.of("Boot", "Boot$Found")) {
            String file = Boot.class.getPackageName().replace('.', '/') + "/" + name + ".class";
            Files.createDirectories(boot.resolve(file).getParent());
            try (InputStream in = BootArchTest.class.getResourceAsStream("/" + file)) {
                Files.write(boot.resolve(file), in.readAllBytes());
            }
        }
    }

    @Test
    void eachModuleBootsOnAModulePathWithItsOwnDependenciesOnly() {
        assertThat(Module.all()).allSatisfy(module -> {
            List<String> said = Jvm.java(
                    project,
                    "-p",
                    join(jars(module)),
                    "-cp",
                    boot.toString(),
                    "--add-modules",
                    module.root(),
                    Boot.class.getName(),
                    module.jar().toString());
            assertThat(said).contains("module " + module.root());
            booted(module, said);
        });
    }

    @Test
    void eachModuleBootsOnAClassPathWithItsOwnDependenciesOnly() {
        assertThat(Module.all())
                .allSatisfy(module -> booted(
                        module,
                        Jvm.java(
                                project,
                                "-cp",
                                boot + File.pathSeparator + join(jars(module)),
                                Boot.class.getName(),
                                module.jar().toString())));
    }

    @Test
    void aModuleWhoseDependencyIsMissingDoesNotBoot() {
        Path api = jars(Module.CORE).stream()
                .filter(jar -> jar.getFileName().toString().startsWith(Module.API.artifact()))
                .findFirst()
                .orElseThrow();
        List<Path> without = new ArrayList<>(jars(Module.CORE));
        without.remove(api);

        assertThat(catchThrowable(() -> Jvm.java(
                        project,
                        "-p",
                        join(without),
                        "-cp",
                        boot.toString(),
                        "--add-modules",
                        Module.CORE.root(),
                        Boot.class.getName())))
                .hasMessageContaining("Module " + Module.API.root() + " not found");
    }

    private static void booted(Module module, List<String> said) {
        String optional = NEEDS_OPTIONAL_LIBRARY.getOrDefault(module, "nothing");
        assertThat(said).as("%s booted", module).contains("booted");
        assertThat(said.stream().filter(line -> line.startsWith("provider")))
                .as("providers that %s finds", module)
                .containsAll(PROVIDERS.getOrDefault(module, List.of()));
        assertThat(said.stream().filter(line -> line.startsWith("unusable") && !line.matches(optional)))
                .as("classes of %s that lack something", module)
                .isEmpty();
    }

    private static List<Path> jars(Module module) {
        try (var files = Files.list(project.resolve(module.artifact() + "/target/lib"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String join(List<Path> jars) {
        return jars.stream().map(Path::toString).collect(joining(File.pathSeparator));
    }
}
