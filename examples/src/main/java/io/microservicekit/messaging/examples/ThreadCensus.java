package io.microservicekit.messaging.examples;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells which threads were begun since it was taken and still live; those of the JVM itself do not count. */
final class ThreadCensus {
    private final Set<Thread> known = new HashSet<>(Thread.getAllStackTraces().keySet());

    List<String> newcomers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !known.contains(thread) && isOfPrograms(thread))
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    private static boolean isOfPrograms(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null && !group.getName().equals("system");
    }
}
