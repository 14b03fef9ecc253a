package io.microservicekit.messaging.testkit.junit.internal;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/** Starts a JVM that runs a Kafka broker until this one is gone. */
final class KafkaFork {
    private static final String CLUSTER_ID = "bWVzc2FnaW5nLWZpeHR1cg";

    private KafkaFork() {}

    static BrokerProcess fork(BrokerHome home, Path library) {
        List<String> command = command(home, library);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(home.log().toFile()));
        // Agents, heaps and proxies are meant for the test JVM.
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").forEach(builder.environment()::remove);
        try {
            return new BrokerProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("forking the Kafka broker failed; the command was " + command, e);
        }
    }

    /** Starting is class loading and compiling: the first compiler and the serial collector make it fast and small. */
    private static List<String> command(BrokerHome home, Path library) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-Xss256k",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn",
                "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaConfig=warn",
                "-cp",
                ownCode() + File.pathSeparator + library.toAbsolutePath() + File.separator + "*",
                KafkaBrokerMain.class.getName(),
                home.settings().toString(),
                CLUSTER_ID));
        Path leftover = home.whenOwnerIsGone();
        if (leftover != null) {
            command.add(leftover.toString());
        }
        return command;
    }

    private static Path ownCode() {
        CodeSource source = KafkaBrokerMain.class.getProtectionDomain().getCodeSource();
        try {
            if (source != null && "file".equals(source.getLocation().getProtocol())) {
                return Path.of(source.getLocation().toURI());
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("finding the jar of messaging-testkit-junit failed: " + source, e);
        }
        throw new IllegalStateException("forking the Kafka broker failed: messaging-testkit-junit was loaded from "
                + source + ", which is neither a jar nor a directory; put its jar on the class path or module path");
    }
}
