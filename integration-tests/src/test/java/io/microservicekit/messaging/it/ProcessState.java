package io.microservicekit.messaging.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The state of a process that need not be a child of this one. */
public final class ProcessState {
    private ProcessState() {}

    /** A zombie has ended; whether somebody collects it is not up to us. */
    public static boolean hasEnded(long pid) throws IOException {
        return !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) || letter(pid) == 'Z';
    }

    /** True when no thread of it runs because of SIGSTOP. */
    public static boolean isStopped(long pid) throws IOException {
        return letter(pid) == 'T';
    }

    private static char letter(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException e) {
            return '?';
        }
    }
}
