package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A process held by SIGSTOP, by a shell that lets it go when told so or when this JVM is gone.
 *
 * <p>A stopped process cannot see that its owner died; without the shell it would stay for ever.
 */
final class Freeze {
    private static final String SCRIPT = "kill -STOP \"$1\" && echo frozen; read -r _; kill -CONT \"$1\"";
    private static final Duration FROZEN_WITHIN = Duration.ofSeconds(10);
    private static final Duration THAWED_WITHIN = Duration.ofSeconds(10);

    private final ProcessHandle frozen;
    private final Process shell;

    private Freeze(ProcessHandle frozen, Process shell) {
        this.frozen = frozen;
        this.shell = shell;
    }

    /** Returns when no thread of the process runs any more. */
    static Freeze of(ProcessHandle target) {
        requireAlive("freezing", target);
        Freeze freeze = new Freeze(target, signal(target.pid()));
        ProcessThreads threads = new ProcessThreads(target.pid());
        Deadline deadline = Deadline.in(FROZEN_WITHIN);
        // A signal is only sent when 'kill' returns; on a busy machine the threads run on for a while.
        while (!threads.areStopped()) {
            deadline.pauseOr(() -> freeze.failed("its threads still ran after " + deadline.limit()));
        }
        return freeze;
    }

    private static Process signal(long pid) {
        try {
            Process shell = new ProcessBuilder("sh", "-c", SCRIPT, "freeze", String.valueOf(pid))
                    .redirectErrorStream(true)
                    .start();
            String answer = shell.inputReader().readLine();
            if (!"frozen".equals(answer)) {
                shell.destroyForcibly();
                throw new IllegalStateException("freezing the process " + pid + " failed: " + answer);
            }
            return shell;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "freezing the process " + pid + " failed: it needs a POSIX system with 'sh' and 'kill'", e);
        }
    }

    private IllegalStateException failed(String reason) {
        end();
        return new IllegalStateException("freezing the process " + frozen.pid() + " failed: " + reason);
    }

    /** SIGCONT, by the shell. */
    void end() {
        if (!frozen.isAlive()) {
            abandon();
        }
        requireAlive("thawing", frozen);
        try {
            shell.outputWriter().close();
            if (!shell.waitFor(THAWED_WITHIN.toMillis(), TimeUnit.MILLISECONDS) || shell.exitValue() != 0) {
                throw new IllegalStateException(
                        "thawing the process " + frozen.pid() + " failed: run 'kill -CONT " + frozen.pid() + "'");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("thawing the process " + frozen.pid() + " failed", e);
        } catch (InterruptedException e) {
            throw Deadline.interrupted("thawing the process " + frozen.pid(), e);
        }
    }

    /** Ends the shell before it can signal: the frozen process is about to be killed, and its id to be free. */
    void abandon() {
        shell.destroyForcibly();
        try {
            shell.waitFor();
        } catch (InterruptedException e) {
            throw Deadline.interrupted("ending the shell that froze the process " + frozen.pid(), e);
        }
    }

    /** A handle is alive only while a process with its id and its start time is: a later one with the id is spared. */
    private static void requireAlive(String attempt, ProcessHandle target) {
        if (!target.isAlive()) {
            throw new IllegalStateException(attempt + " the process " + target.pid() + " failed: it has ended");
        }
    }
}
