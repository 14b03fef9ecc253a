package io.microservicekit.messaging.it.kafka;

import io.microservicekit.messaging.testkit.junit.KafkaServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A JVM of its own that starts a broker and waits to be killed. */
final class BrokerOwner {
    private BrokerOwner() {}

    /** Arguments: the broker's directory, and what to do with it: run or freeze. Prints the broker's process id. */
    public static void main(String[] args) throws IOException {
        KafkaServer server = KafkaServer.builder().directory(Path.of(args[0])).start();
        if (args[1].equals("freeze")) {
            server.freeze();
        }
        System.out.println("pid " + server.pid());
        while (System.in.read() >= 0) {
            // Only the kill ends this JVM.
        }
    }

    static Process fork(Path directory, String mode) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dmessaging.kafka.broker.lib=" + System.getProperty("messaging.kafka.broker.lib"),
                        "-cp",
                        classPath,
                        BrokerOwner.class.getName(),
                        directory.toString(),
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
