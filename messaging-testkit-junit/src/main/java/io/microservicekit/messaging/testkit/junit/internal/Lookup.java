package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where the machine says that a broker is: an address, else a directory with the jars to start one. */
public final class Lookup {
    static final String BOOTSTRAP_PROPERTY = "messaging.kafka.bootstrap";
    static final String BOOTSTRAP_VARIABLE = "MESSAGING_KAFKA_BOOTSTRAP";
    static final String LIBRARY_PROPERTY = "messaging.kafka.broker.lib";
    static final String LIBRARY_VARIABLE = "MESSAGING_KAFKA_BROKER_LIB";

    private static final String REMEDY = "run 'mvn -pl fixtures/kafka-broker generate-resources' in the root of the"
            + " messaging repository (elsewhere: 'mvn dependency:copy-dependencies' in a project that depends on"
            + " org.apache.kafka:kafka_2.13 and org.slf4j:slf4j-simple:1.7.36) and give the directory of the jars"
            + " (fixtures/kafka-broker/target/lib) as -D" + LIBRARY_PROPERTY + " or " + LIBRARY_VARIABLE
            + "; or give the address of a running broker as -D" + BOOTSTRAP_PROPERTY + " or " + BOOTSTRAP_VARIABLE;

    private final UnaryOperator<@Nullable String> property;
    private final UnaryOperator<@Nullable String> variable;

    Lookup(UnaryOperator<@Nullable String> property, UnaryOperator<@Nullable String> variable) {
        this.property = property;
        this.variable = variable;
    }

    /** Looks into the system properties, then into the environment of this JVM. */
    public static Lookup ofThisJvm() {
        return new Lookup(System::getProperty, System::getenv);
    }

    /** The address of a broker that runs already, if the machine names one. */
    public Optional<String> bootstrapServers() {
        return value(BOOTSTRAP_PROPERTY, BOOTSTRAP_VARIABLE);
    }

    /** The directory with the jars of exactly one broker. */
    public Path brokerLibrary() {
        Path directory = value(LIBRARY_PROPERTY, LIBRARY_VARIABLE)
                .map(Path::of)
                .orElseThrow(() -> missing("neither its address nor its jars are given"));
        if (!Files.isDirectory(directory)) {
            throw missing("'" + directory + "' is no directory");
        }
        List<String> brokers = brokersIn(directory);
        if (brokers.size() != 1) {
            throw missing("'" + directory + "' must hold the jar of one broker, kafka_2.13-*.jar, but holds " + brokers
                    + " (delete the directory first if there is more than one)");
        }
        return directory;
    }

    private static List<String> brokersIn(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "kafka_2.1*-*.jar")) {
            jars.forEach(jar -> names.add(jar.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("listing the broker jars in " + directory + " failed", e);
        }
        names.sort(null);
        return names;
    }

    private Optional<String> value(String propertyName, String variableName) {
        return Optional.ofNullable(property.apply(propertyName))
                .filter(text -> !text.isBlank())
                .or(() -> Optional.ofNullable(variable.apply(variableName)).filter(text -> !text.isBlank()));
    }

    private static IllegalStateException missing(String reason) {
        return new IllegalStateException("starting a Kafka broker failed: " + reason + "; " + REMEDY);
    }
}
