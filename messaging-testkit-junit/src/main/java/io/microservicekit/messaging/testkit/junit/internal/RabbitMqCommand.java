package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs {@code rabbitmqctl}; each run is an Erlang virtual machine of its own. */
final class RabbitMqCommand {
    private final RabbitMqInstallation installation;
    private final Map<String, String> environment;

    RabbitMqCommand(RabbitMqInstallation installation, Map<String, String> environment) {
        this.installation = installation;
        this.environment = environment;
    }

    /** Gives what it printed, without warnings; the node must run. */
    String run(List<String> arguments) {
        // The others may hold a password.
        String attempt = "running 'rabbitmqctl " + arguments.get(0) + "'";
        List<String> command = new ArrayList<>(installation.control());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        RabbitMqFork.settle(builder, environment);
        try {
            return answer(attempt, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(attempt + " failed: it could not be started", e);
        } catch (InterruptedException e) {
            throw Deadline.interrupted(attempt, e);
        }
    }

    private static String answer(String attempt, Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException(attempt + " failed with status " + status + ": " + errors + output);
        }
        return output;
    }
}
