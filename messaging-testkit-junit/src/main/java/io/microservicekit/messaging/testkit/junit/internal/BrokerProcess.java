package io.microservicekit.messaging.testkit.junit.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of the forked broker; every signal goes to the process that was started, never to a later one with its id. */
final class BrokerProcess {
    private static final Duration GONE_WITHIN = Duration.ofSeconds(30);

    private final Process process;
    private final ProcessHandle handle;
    private @Nullable Freeze freeze;

    /** A broker that this JVM forked. */
    BrokerProcess(Process process) {
        this(process, process.toHandle());
    }

    /** A broker that a process forked, which ends when the broker has, with its status. */
    BrokerProcess(Process process, ProcessHandle handle) {
        this.process = process;
        this.handle = handle;
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
            throw new IllegalStateException(attempt + " the broker with process id " + pid()
                    + " failed: it was still there after " + limit + "; end it by hand");
        }
    }

    private boolean endsWithin(Duration limit, String attempt) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw Deadline.interrupted(attempt + " the broker with process id " + pid(), e);
        }
    }
}
