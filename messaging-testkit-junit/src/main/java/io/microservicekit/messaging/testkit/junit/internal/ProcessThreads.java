package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The threads of a process as Linux shows them. */
final class ProcessThreads {
    private static final char STOPPED = 'T';

    private final Path tasks;

    ProcessThreads(long pid) {
        this(Path.of("/proc", String.valueOf(pid), "task"));
    }

    ProcessThreads(Path tasks) {
        this.tasks = tasks;
    }

    /** True when every thread is stopped, and where the system does not tell. */
    boolean areStopped() {
        if (Files.notExists(tasks)) {
            return true;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                if (!isStopped(thread)) {
                    return false;
                }
            }
            return true;
        } catch (IOException | DirectoryIteratorException e) {
            // A thread or the process ended while it was looked at: look again.
            return false;
        }
    }

    private static boolean isStopped(Path thread) throws IOException {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            // The name, in parentheses, may hold anything; the state follows it.
            return stat.charAt(stat.lastIndexOf(')') + 2) == STOPPED;
        } catch (NoSuchFileException e) {
            return true;
        }
    }
}
