package io.microservicekit.messaging.testkit.junit.internal;

import java.nio.file.Path;
import java.util.List;

/** A broker that runs already: its address is known, its process belongs to somebody else. */
public final class GivenBroker implements KafkaBroker {
    private final String bootstrapServers;

    GivenBroker(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Connects to the broker, which must take the settings that it has: {@code settings} must be empty. */
    public static GivenBroker at(String bootstrapServers, List<String> settings, Deadline deadline) {
        GivenBroker broker = new GivenBroker(bootstrapServers);
        if (!settings.isEmpty()) {
            throw broker.refused("applying the settings " + settings);
        }
        while (BrokerAdmin.live(bootstrapServers).isEmpty()) {
            deadline.pauseOr(() -> new IllegalStateException("connecting to the Kafka broker at " + bootstrapServers
                    + ", given by -D" + Lookup.BOOTSTRAP_PROPERTY + " or " + Lookup.BOOTSTRAP_VARIABLE
                    + ", failed: no answer within " + deadline.limit()
                    + "; start it, or remove the address so that a broker of our own is started"));
        }
        return broker;
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public String bootstrapServers(String listener) {
        throw refused("asking for the address of the listener '" + listener + "'");
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
        return new UnsupportedOperationException(attempt + " on the Kafka broker at " + bootstrapServers
                + " was refused: it was given by -D" + Lookup.BOOTSTRAP_PROPERTY + " or " + Lookup.BOOTSTRAP_VARIABLE
                + ", so its process belongs to somebody else; remove the address and give the broker's jars by -D"
                + Lookup.LIBRARY_PROPERTY + " to run this test on a broker of its own");
    }
}
