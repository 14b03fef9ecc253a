package io.microservicekit.messaging.testkit.junit.internal;

import java.nio.file.Path;

/** A broker as one of many tests sees it: all may use it, none may harm it. */
public final class SharedBroker implements KafkaBroker {
    private final KafkaBroker broker;

    /** Shares a broker that somebody else closes. */
    public SharedBroker(KafkaBroker broker) {
        this.broker = broker;
    }

    @Override
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    @Override
    public String bootstrapServers(String listener) {
        return broker.bootstrapServers(listener);
    }

    @Override
    public long pid() {
        return broker.pid();
    }

    @Override
    public Path log() {
        return broker.log();
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
        return new UnsupportedOperationException(attempt + " the Kafka broker at " + bootstrapServers()
                + " was refused: all tests of this JVM share it; use KafkaServer.start() in a test that needs a broker"
                + " of its own");
    }
}
