package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A broker in a process that this JVM forked, with a directory and ports that outlive each run of it. */
public final class LocalBroker implements KafkaBroker {
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(20);
    private static final int CONNECT_MILLIS = 200;

    private final LocalBrokerPlan plan;
    private final NodePlace place;
    private final BrokerHome home;
    private @Nullable BrokerProcess process;

    LocalBroker(LocalBrokerPlan plan, NodePlace place) {
        this.plan = plan;
        this.place = place;
        this.home = BrokerHome.in("kafka-broker-", plan.directory());
    }

    /** Forks a broker and returns when a client of its own was told that the broker lives. */
    public static LocalBroker start(LocalBrokerPlan plan) {
        LocalBroker broker = new LocalBroker(plan, NodePlace.alone(plan.proxied()));
        try {
            broker.launch();
            broker.awaitReady(Deadline.in(plan.startTimeout()));
            return broker;
        } catch (RuntimeException | Error e) {
            broker.discard();
            throw e;
        }
    }

    @Override
    public String bootstrapServers() {
        return place.ports().brokerAddress();
    }

    @Override
    public String bootstrapServers(String listener) {
        return plan.properties()
                .address(listener)
                .orElseThrow(() -> new IllegalArgumentException("asking for the address of the listener '" + listener
                        + "' failed: the broker has none of that name; give it one by listener(..) before the start"));
    }

    @Override
    public long pid() {
        return running("asking for the process id").pid();
    }

    @Override
    public Path log() {
        return home.log();
    }

    @Override
    public void kill() {
        running("killing").kill();
    }

    @Override
    public void freeze() {
        running("freezing").freeze();
    }

    @Override
    public void thaw() {
        running("thawing").thaw();
    }

    @Override
    public void restart() {
        stop();
        launch();
        awaitReady(Deadline.in(plan.startTimeout()));
    }

    @Override
    public void stop() {
        if (process != null && process.isAlive()) {
            process.terminate(STOPPED_WITHIN);
        }
    }

    @Override
    public void close() {
        if (place.nodes() > 1) {
            throw new UnsupportedOperationException("closing the Kafka broker on " + bootstrapServers()
                    + " was refused: it is one node of a cluster; stop() or kill() it, and close the cluster");
        }
        stop();
        home.delete();
    }

    /** Ends the process at once and deletes what the fixture created. */
    void discard() {
        if (process != null && process.isAlive()) {
            process.kill();
        }
        home.delete();
    }

    /** Forks the process; {@link #awaitReady} follows. */
    void launch() {
        home.write(plan.properties().complete(home.data(), place));
        process = KafkaFork.fork(home, plan.library());
    }

    /** Returns when this node is up and its cluster knows it; a node that does not get there is killed. */
    void awaitReady(Deadline deadline) {
        BrokerProcess started = running("awaiting");
        try {
            while (!isListening() || !BrokerAdmin.live(bootstrapServers()).contains(place.id())) {
                if (!started.isAlive()) {
                    throw failure("it ended with status " + started.exitStatus());
                }
                deadline.pauseOr(() -> failure("it was not ready within " + deadline.limit()));
            }
        } catch (RuntimeException | Error e) {
            started.kill();
            throw e;
        }
    }

    /** Spares the log of the test a client's warnings while the port is closed. */
    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            LoopbackPorts.loopback(), place.ports().broker()),
                    CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private IllegalStateException failure(String reason) {
        return new IllegalStateException("starting a Kafka broker on " + bootstrapServers() + " in " + home.data()
                + " failed: " + reason + "; the cause is in the end of its log:\n" + home.logTail());
    }

    private BrokerProcess running(String attempt) {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(attempt + " the Kafka broker on " + bootstrapServers()
                    + " failed: it is not running; call restart() first");
        }
        return process;
    }
}
