package io.microservicekit.messaging.testkit.junit.internal;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of the forked broker; every signal goes to the process that was started, never to a later one with its id. */
final class BrokerProcess {
    private static final String CLUSTER_ID = "bWVzc2FnaW5nLWZpeHR1cg";
    private static final Duration GONE_WITHIN = Duration.ofSeconds(30);

    private final Process process;
    private final ProcessHandle handle;
    private @Nullable Freeze freeze;

    private BrokerProcess(Process process) {
        this.process = process;
        this.handle = process.toHandle();
    }

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

    long pid() {
        return handle.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitStatus() {
        return process.exitValue();
    }

    /** SIGKILL. */
    void kill() {
        if (freeze != null) {
            freeze.abandon();
            freeze = null;
        }
        // The handle compares the start time of the process before it sends the signal.
        handle.destroyForcibly();
        awaitEnd(GONE_WITHIN, "killing");
    }

    /** SIGTERM, and SIGKILL when that has no effect within the grace; standard input stays open, or the broker would halt. */
    void terminate(Duration grace) {
        thaw();
        handle.destroy();
        if (!endsWithin(grace, "stopping")) {
            kill();
        }
    }

    /** SIGSTOP. */
    void freeze() {
        if (freeze == null) {
            freeze = Freeze.of(handle);
        }
    }

    /** SIGCONT. */
    void thaw() {
        Freeze ended = freeze;
        freeze = null;
        if (ended != null) {
            ended.end();
        }
    }

    private void awaitEnd(Duration limit, String attempt) {
        if (!endsWithin(limit, attempt)) {
            throw new IllegalStateException(attempt + " the Kafka broker with process id " + pid()
                    + " failed: it was still there after " + limit + "; end it by hand");
        }
    }

    private boolean endsWithin(Duration limit, String attempt) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw Deadline.interrupted(attempt + " the Kafka broker with process id " + pid(), e);
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
