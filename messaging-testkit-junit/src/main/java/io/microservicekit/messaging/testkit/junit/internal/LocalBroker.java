package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A broker in a process that this JVM forked, with a directory and two ports that outlive each run of it. */
public final class LocalBroker implements KafkaBroker {
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(20);
    private static final int CONNECT_MILLIS = 200;

    private final LocalBrokerPlan plan;
    private final BrokerHome home;
    private final LoopbackPorts ports;
    private @Nullable BrokerProcess process;

    private LocalBroker(LocalBrokerPlan plan) {
        this.plan = plan;
        this.ports = LoopbackPorts.free();
        this.home = BrokerHome.in(plan.directory());
    }

    /** Forks a broker and returns when a client of its own was told that the broker lives. */
    public static LocalBroker start(LocalBrokerPlan plan) {
        LocalBroker broker = new LocalBroker(plan);
        try {
            broker.run();
            return broker;
        } catch (RuntimeException | Error e) {
            broker.home.delete();
            throw e;
        }
    }

    @Override
    public String bootstrapServers() {
        return ports.brokerAddress();
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
        run();
    }

    @Override
    public void stop() {
        if (process != null && process.isAlive()) {
            process.terminate(STOPPED_WITHIN);
        }
    }

    @Override
    public void close() {
        stop();
        home.delete();
    }

    private void run() {
        home.write(plan.properties().complete(home.data(), ports));
        BrokerProcess started = BrokerProcess.fork(home, plan.library());
        try {
            awaitReady(started, Deadline.in(plan.startTimeout()));
        } catch (RuntimeException | Error e) {
            started.kill();
            throw e;
        }
        process = started;
    }

    private void awaitReady(BrokerProcess started, Deadline deadline) {
        while (!isListening() || !BrokerAdmin.answers(bootstrapServers())) {
            if (!started.isAlive()) {
                throw failure("it ended with status " + started.exitStatus());
            }
            deadline.pauseOr(() -> failure("it was not ready within " + deadline.limit()));
        }
    }

    /** Spares the log of the test a client's warnings while the port is closed. */
    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LoopbackPorts.loopback(), ports.broker()), CONNECT_MILLIS);
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
