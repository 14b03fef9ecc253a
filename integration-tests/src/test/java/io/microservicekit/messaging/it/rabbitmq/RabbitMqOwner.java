package io.microservicekit.messaging.it.rabbitmq;

import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A JVM of its own that starts a node and waits to be killed. */
final class RabbitMqOwner {
    private RabbitMqOwner() {}

    /** Argument: what to do with the node: run or freeze. Prints the node's process id. */
    public static void main(String[] args) throws IOException {
        RabbitMqServer server = RabbitMqServer.start();
        if (args[0].equals("freeze")) {
            server.freeze();
        }
        System.out.println("pid " + server.pid());
        while (System.in.read() >= 0) {
            // Only the kill ends this JVM.
        }
    }

    static Process fork(Path temporaryFiles, String mode) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Djava.io.tmpdir=" + temporaryFiles,
                        "-cp",
                        classPath,
                        RabbitMqOwner.class.getName(),
                        mode))
                .redirectErrorStream(true)
                .start();
    }

    /** The process id that the owner prints when its node is there. */
    static long nodePid(Process owner) throws IOException {
        StringBuilder output = new StringBuilder();
        BufferedReader lines = owner.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("pid ")) {
                return Long.parseLong(line.substring("pid ".length()));
            }
            output.append(line).append('\n');
        }
        throw new AssertionError("the owner of the node ended without telling its process id:\n" + output);
    }
}
