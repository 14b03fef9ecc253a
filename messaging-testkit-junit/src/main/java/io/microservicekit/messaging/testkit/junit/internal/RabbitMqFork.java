package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts a node below a shell that guards it: standard input of the shell ends however this JVM dies, and then the node is
 * killed, frozen or not.
 *
 * <p>The shell ends when the node has, with its status. It deletes the directory of a node whose owner is gone, which it knows by the watch
 * that ended by itself. Its other child is the node's own epmd; Erlang would leave one behind that nobody
 * owns if none answered.
 */
final class RabbitMqFork {
    private static final String GUARD = """
            leftover=$1 log=$2 port=$3 server=$4
            shift 4
            exec 3<&0 4>>"$log" </dev/null 2>&4
            "$@" epmd -port "$port" -address 127.0.0.1 3<&- >&4 &
            epmd=$!
            tries=0
            until "$@" epmd -port "$port" -names >/dev/null 2>&1; do
                tries=$((tries + 1))
                [ $tries -lt 200 ] || { echo "epmd does not answer on port $port" >&4; kill -KILL $epmd; exit 81; }
                sleep 0.05
            done
            "$@" "$server" 3<&- >&4 &
            node=$!
            (
                read -r _ <&3
                trap '' TERM
                kill -KILL $node
            ) >&4 &
            watch=$!
            exec 3<&-
            echo $node
            exec >&4
            wait $node
            status=$?
            kill -KILL $epmd
            kill -TERM $watch
            if wait $watch && [ -n "$leftover" ]; then rm -rf -- "$leftover"; fi
            exit $status
            """;

    private RabbitMqFork() {}

    static BrokerProcess fork(RabbitMqInstallation installation, RabbitMqHome home, RabbitMqPorts ports) {
        BrokerHome directory = home.directory();
        // A session of its own: what a terminal signals to the test does not reach the guard.
        List<String> command = new ArrayList<>(List.of("setsid", "sh", "-c", GUARD, "rabbitmq-guard"));
        command.add(directory.whenOwnerIsGone() == null ? "" : directory.root().toString());
        command.addAll(List.of(directory.log().toString(), String.valueOf(ports.epmd()), installation.server()));
        command.addAll(installation.prefix());
        ProcessBuilder builder = new ProcessBuilder(command);
        settle(builder, home.environment(ports));
        try {
            Process guard = builder.start();
            return new BrokerProcess(guard, node(guard, directory));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "forking a RabbitMQ node failed; it needs a Linux system with 'setsid' and 'sh'", e);
        }
    }

    /** Of the environment of this JVM nothing that is meant for another node stays. */
    static void settle(ProcessBuilder builder, Map<String, String> environment) {
        builder.environment().keySet().removeIf(name -> name.startsWith("RABBITMQ_") || name.startsWith("ERL_"));
        builder.environment().remove("NOTIFY_SOCKET");
        builder.environment().putAll(environment);
    }

    private static ProcessHandle node(Process guard, BrokerHome directory) throws IOException {
        String pid = guard.inputReader().readLine();
        if (pid == null) {
            throw new IllegalStateException("forking a RabbitMQ node failed: its guard ended before it told a process"
                    + " id; the cause is in the end of its log:\n" + directory.logTail());
        }
        return ProcessHandle.of(Long.parseLong(pid))
                .orElseThrow(() -> new IllegalStateException("forking a RabbitMQ node failed: the process " + pid
                        + " has ended; the cause is in the end of its log:\n" + directory.logTail()));
    }
}
