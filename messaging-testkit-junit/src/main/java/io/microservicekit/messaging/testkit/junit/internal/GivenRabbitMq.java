package io.microservicekit.messaging.testkit.junit.internal;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A node that runs already: its URL is known, its process belongs to somebody else. */
public final class GivenRabbitMq implements RabbitMqNode {
    private static final int USUAL_PORT = 5_672;
    private static final String GIVEN_BY =
            "it was given by -D" + RabbitMqLookup.URL_PROPERTY + " or " + RabbitMqLookup.URL_VARIABLE;

    private final URI url;

    GivenRabbitMq(URI url) {
        this.url = url;
    }

    /** Connects to the node, which must take the settings that it has: {@code settings} must be empty. */
    public static GivenRabbitMq at(URI url, List<String> settings, Deadline deadline) {
        GivenRabbitMq node = new GivenRabbitMq(url);
        if (!settings.isEmpty()) {
            throw node.refused("applying the settings " + settings);
        }
        while (!AmqpProbe.answers(url.getHost(), node.port())) {
            deadline.pauseOr(() -> new IllegalStateException("connecting to the RabbitMQ node at " + node.address()
                    + " failed: no answer within " + deadline.limit() + "; " + GIVEN_BY
                    + ": start it, or remove the URL so that a node of our own is started"));
        }
        return node;
    }

    @Override
    public String url() {
        return url.toString();
    }

    @Override
    public String address() {
        return url.getHost() + ":" + port();
    }

    private int port() {
        return url.getPort() < 0 ? USUAL_PORT : url.getPort();
    }

    @Override
    public String tlsAddress() {
        throw refused("asking for the address with TLS");
    }

    @Override
    public String control(List<String> arguments) {
        throw refused("running 'rabbitmqctl " + arguments.get(0) + "'");
    }

    @Override
    public List<String> queues(String virtualHost) {
        throw refused("listing the queues of virtual host '" + virtualHost + "'");
    }

    @Override
    public long memoryLimit() {
        throw refused("asking for the limit of memory");
    }

    @Override
    public long pid() {
        throw refused("asking for the process id");
    }

    @Override
    public Path log() {
        throw refused("asking for the log file");
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
        // Whoever started it stops it.
    }

    private UnsupportedOperationException refused(String attempt) {
        return new UnsupportedOperationException(attempt + " on the RabbitMQ node at " + address() + " was refused: "
                + GIVEN_BY + ", so its process belongs to somebody else; remove the URL to run this test on a node of"
                + " its own");
    }
}
