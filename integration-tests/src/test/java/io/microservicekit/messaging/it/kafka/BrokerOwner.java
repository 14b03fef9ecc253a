package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A JVM of its own that starts a broker and waits to be killed. */
final class BrokerOwner {
    private static final String TEMPORARY = "temporary";

    private BrokerOwner() {}

    /** Arguments: the broker's directory, or {@link #TEMPORARY}, and what to do with it: run or freeze. Prints the broker's process id. */
    public static void main(String[] args) throws IOException {
        KafkaServer.Builder builder = KafkaServer.builder();
        KafkaServer server = args[0].equals(TEMPORARY)
                ? builder.start()
                : builder.directory(Path.of(args[0])).start();
        if (args[1].equals("freeze")) {
            server.freeze();
        }
        System.out.println("pid " + server.pid());
        while (System.in.read() >= 0) {
            // Only the kill ends this JVM.
        }
    }

    static Process fork(Path directory, String mode) throws IOException {
        return fork(directory.toString(), mode, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** With a broker that has a temporary directory of its own in the given one. */
    static Process forkIn(Path temporaryFiles, String mode) throws IOException {
        return fork(TEMPORARY, mode, temporaryFiles);
    }

    private static Process fork(String directory, String mode, Path temporaryFiles) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.io.tmpdir=" + temporaryFiles,
                        "-Dmessaging.kafka.broker.lib=" + System.getProperty("messaging.kafka.broker.lib"),
                        "-cp",
                        classPath,
                        BrokerOwner.class.getName(),
                        directory,
                        mode))
                .redirectErrorStream(true)
                .start();
    }

    /** The process id that the owner prints when its broker is there. */
    static long brokerPid(Process owner) throws IOException {
        StringBuilder output = new StringBuilder();
        BufferedReader lines = owner.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("pid ")) {
                return Long.parseLong(line.substring("pid ".length()));
            }
            output.append(line).append('\n');
        }
        throw new AssertionError("the owner of the broker ended without telling its process id:\n" + output);
    }
}
