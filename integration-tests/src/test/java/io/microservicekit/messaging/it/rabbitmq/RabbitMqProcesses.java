package io.microservicekit.messaging.it.rabbitmq;

import java.util.List;
import java.util.stream.Stream;

/** What runs on this machine because a node does. */
final class RabbitMqProcesses {
    private RabbitMqProcesses() {}

    /** The ids of a running node, its guard, and all that the guard and the node started, epmd among them. */
    static List<Long> ofTheNode(long pid) {
        ProcessHandle guard =
                ProcessHandle.of(pid).flatMap(ProcessHandle::parent).orElseThrow();
        return Stream.concat(Stream.of(guard), guard.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }
}
