package io.microservicekit.messaging.testkit.junit.internal;

import java.nio.file.Path;
import java.util.List;

/** A node as one of many tests sees it: all may use it, none may harm it. */
public final class SharedRabbitMq implements RabbitMqNode {
    /** Beginnings of commands that only look, or only change what others do not see: a policy names the queues it is for. */
    private static final List<String> HARMLESS = List.of(
            "list_",
            "add_",
            "status",
            "version",
            "set_permissions",
            "set_user_tags",
            "set_policy",
            "clear_policy",
            "set_topic_permissions");

    private final RabbitMqNode node;

    /** Shares a node that somebody else closes. */
    public SharedRabbitMq(RabbitMqNode node) {
        this.node = node;
    }

    @Override
    public String url() {
        return node.url();
    }

    @Override
    public String address() {
        return node.address();
    }

    @Override
    public String tlsAddress() {
        return node.tlsAddress();
    }

    @Override
    public String control(List<String> arguments) {
        String command = arguments.get(0);
        if (HARMLESS.stream().noneMatch(command::startsWith)) {
            throw refused("running 'rabbitmqctl " + command + "'");
        }
        return node.control(arguments);
    }

    @Override
    public List<String> queues(String virtualHost) {
        return node.queues(virtualHost);
    }

    @Override
    public long memoryLimit() {
        return node.memoryLimit();
    }

    @Override
    public long pid() {
        return node.pid();
    }

    @Override
    public Path log() {
        return node.log();
    }

    @Override
    public void kill() {
        throw refused("killing");
    }

    @Override
    public void freeze() {
        throw refused("freezing");
    }

    @Override
    public void thaw() {
        throw refused("thawing");
    }

    @Override
    public void restart() {
        throw refused("restarting");
    }

    @Override
    public void stop() {
        throw refused("stopping");
    }

    @Override
    public void close() {
        throw refused("closing");
    }

    private UnsupportedOperationException refused(String attempt) {
        return new UnsupportedOperationException(attempt + " on the RabbitMQ node at " + address()
                + " was refused: all tests of this JVM share it; use RabbitMqServer.start() in a test that needs a node"
                + " of its own");
    }
}
