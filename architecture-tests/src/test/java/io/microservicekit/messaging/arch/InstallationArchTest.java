package io.microservicekit.messaging.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A project made from nothing but the installation section of the README builds and runs. */
class InstallationArchTest {
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: installation -->\\s*```xml\\n(.*?)```", Pattern.DOTALL);

    private static final String QUICK_START = "io/microservicekit/messaging/examples/QuickStart";

    private static Path project;

    @BeforeAll
    static void buildTheProjectThatTheReadmeDescribes() {
        Module.all().forEach(Module::requirePackaged);
        project = Stranger.emptyProject("program");
        Stranger.write(project.resolve("pom.xml"), Poms.program(installation("README.md")));
        Stranger.write(project.resolve("src/main/java/module-info.java"), MODULE);
        Stranger.write(project.resolve("src/main/java/stranger/Program.java"), PROGRAM);
        Stranger.write(project.resolve("src/test/java/" + QUICK_START + ".java"), quickStart());
        Stranger.build(project, "package");
    }

    private static String quickStart() {
        return RepositoryFile.below(House.root().resolve("examples/src/main/java")).stream()
                .map(RepositoryFile::text)
                .filter(text -> text.contains("tag::quickstart"))
                .findFirst()
                .orElseThrow();
    }

    private static String installation(String readme) {
        try {
            Matcher snippet = SNIPPET.matcher(Files.readString(House.root().resolve(readme)));
            assertThat(snippet.find())
                    .as("%s has an installation section", readme)
                    .isTrue();
            return snippet.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void bothReadmesDescribeTheSameInstallation() {
        assertThat(installation("README.zh-CN.md")).isEqualTo(installation("README.md"));
    }

    @Test
    void theQuickStartCompilesAsATest() {
        assertThat(project.resolve("target/test-classes/" + QUICK_START + ".class"))
                .isRegularFile();
    }

    @Test
    void theProgramFindsItsAdapterOnAClassPath() {
        assertThat(Jvm.java(project, "-cp", path(libraries()), "stranger.Program", "kafka", "127.0.0.1:1"))
                .contains(adapterIsThere());
    }

    @Test
    void theProgramFindsItsAdapterAsAModule() {
        assertThat(Jvm.java(
                        project, "-p", path(libraries()), "-m", "stranger/stranger.Program", "kafka", "127.0.0.1:1"))
                .contains(adapterIsThere());
    }

    /** The adapter was asked and no broker answered; without an adapter the type would be unknown. */
    private static String adapterIsThere() {
        return Module.all().contains(Module.KAFKA) ? "CREATE_CLIENT" : "UNSUPPORTED_TYPE";
    }

    @Test
    void theProgramSendsAndHandlesAMessageOnAClassPathWithTheTestkit() {
        assertThat(Jvm.java(project, "-cp", path(withTestkit()), "stranger.Program", "memory"))
                .contains("handled order-1");
    }

    @Test
    void theProgramSendsAndHandlesAMessageAsAModuleWithTheTestkit() {
        assertThat(Jvm.java(project, "-p", path(withTestkit()), "-m", "stranger/stranger.Program", "memory"))
                .contains("handled order-1");
    }

    private static Stream<Path> withTestkit() {
        return Stream.concat(libraries(), Stream.of(Module.TESTKIT.jar()));
    }

    private static Stream<Path> libraries() {
        try (Stream<Path> files = Files.list(project.resolve("target/lib"))) {
            List<Path> jars = files.sorted().toList();
            return Stream.concat(Stream.of(project.resolve("target/program-1.jar")), jars.stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String path(Stream<Path> jars) {
        return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static final String MODULE = """
            module stranger {
                requires io.microservicekit.messaging.core;
            }
            """;

    private static final String PROGRAM = """
            package stranger;

            import io.microservicekit.messaging.api.MessagingClient;
            import io.microservicekit.messaging.api.message.Message;
            import io.microservicekit.messaging.api.message.MessagingException;
            import io.microservicekit.messaging.core.MessagingClientBuilder;
            import io.microservicekit.messaging.core.MessagingClients;
            import java.time.Duration;
            import java.util.concurrent.CountDownLatch;
            import java.util.concurrent.TimeUnit;

            public final class Program {
                public static void main(String[] arguments) throws InterruptedException {
                    MessagingClientBuilder builder = MessagingClients.builder().type(arguments[0]);
                    if (arguments.length > 1) {
                        builder.brokers(arguments[1]).connectTimeout(Duration.ofMillis(300));
                    }
                    try (MessagingClient client = builder.build()) {
                        CountDownLatch handled = new CountDownLatch(1);
                        client.consumer("stranger")
                                .subscribe("orders", message -> {
                                    System.out.println("handled " + message.keyText());
                                    handled.countDown();
                                })
                                .awaitReady(Duration.ofSeconds(30));
                        client.producer().send(Message.builder("orders").keyText("order-1").valueText("{}").build());
                        if (!handled.await(30, TimeUnit.SECONDS)) {
                            System.exit(1);
                        }
                    } catch (MessagingException e) {
                        System.out.println(e.code());
                        System.out.println(e.getMessage());
                    }
                }
            }
            """;
}
