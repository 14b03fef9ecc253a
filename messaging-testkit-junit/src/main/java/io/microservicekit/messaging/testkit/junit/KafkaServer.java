package io.microservicekit.messaging.testkit.junit;

import io.microservicekit.messaging.testkit.junit.internal.BrokerAdmin;
import io.microservicekit.messaging.testkit.junit.internal.BrokerProperties;
import io.microservicekit.messaging.testkit.junit.internal.Deadline;
import io.microservicekit.messaging.testkit.junit.internal.GivenBroker;
import io.microservicekit.messaging.testkit.junit.internal.KafkaBroker;
import io.microservicekit.messaging.testkit.junit.internal.LocalBroker;
import io.microservicekit.messaging.testkit.junit.internal.LocalBrokerPlan;
import io.microservicekit.messaging.testkit.junit.internal.Lookup;
import io.microservicekit.messaging.testkit.junit.internal.ProxiedListener;
import io.microservicekit.messaging.testkit.junit.internal.SharedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker for tests, which a test may kill, freeze and restart.
 *
 * <p>Which broker it is, the machine decides: the one at the address given by the system property
 * {@code messaging.kafka.bootstrap} or the environment variable {@code MESSAGING_KAFKA_BOOTSTRAP}; else a process of its own,
 * forked from the jars in the directory given by {@code messaging.kafka.broker.lib} or {@code MESSAGING_KAFKA_BROKER_LIB}. With
 * neither, starting fails and says how to get one: nothing is skipped.
 *
 * <p>A broker of its own is one JVM (a combined KRaft node) on two loopback ports below the ephemeral range, with a temporary
 * directory. It dies with this JVM, even when that is killed with SIGKILL and even while the broker is frozen. It does not
 * create topics by itself; see {@link #createTopic}.
 *
 * <p>{@code kafka-clients} must be among the dependencies of the tests. Every method blocks the calling thread; the methods that
 * change the process ({@link #kill}, {@link #freeze}, {@link #thaw}, {@link #restart}, {@link #stop}, {@link #close}) are called
 * by one thread at a time, the others by any.
 */
public final class KafkaServer implements AutoCloseable {
    private final KafkaBroker broker;
    private final @Nullable FaultProxy proxy;

    KafkaServer(KafkaBroker broker) {
        this(broker, null);
    }

    private KafkaServer(KafkaBroker broker, @Nullable FaultProxy proxy) {
        this.broker = broker;
        this.proxy = proxy;
    }

    /**
     * Starts a broker with the default settings, in about 3 s.
     *
     * @return the running broker, to be closed by the caller
     * @throws IllegalStateException when no broker can be found, or it does not start; the message says why and how to get one, and
     *     ends with the tail of the broker's log
     */
    public static KafkaServer start() {
        return builder().start();
    }

    /**
     * Chooses settings before the start.
     *
     * @return a builder with the default settings
     */
    public static Builder builder() {
        return new Builder();
    }

    /** The same broker for many tests: they can use it, but not harm it. */
    KafkaServer shared() {
        return new KafkaServer(new SharedBroker(broker));
    }

    /**
     * Tells where clients connect to; stays the same across restarts.
     *
     * @return {@code host:port}, or a comma-separated list of them for a given broker
     */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /**
     * The network between the broker and the clients that connect through it; others, such as probes, connect to {@link #bootstrapServers}.
     *
     * @return the proxy, of which {@link FaultProxy#address} is what clients connect to; closed with the broker
     * @throws IllegalStateException when {@link Builder#proxied} was not called
     */
    public FaultProxy proxy() {
        if (proxy == null) {
            throw new IllegalStateException("asking for the proxy of the Kafka broker on " + bootstrapServers()
                    + " failed: it has none; call builder().proxied() before the start");
        }
        return proxy;
    }

    /**
     * Tells where clients of a further listener connect to; stays the same across restarts.
     *
     * @param listener the name of a listener given by {@link Builder#listener}
     * @return {@code host:port}
     * @throws IllegalArgumentException when the broker has no such listener
     * @throws UnsupportedOperationException when the broker was given by its address
     */
    public String bootstrapServers(String listener) {
        return broker.bootstrapServers(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Creates a topic and returns when each of its partitions has a leader, so that no first record is lost (KAFKA-15591). The
     * replication factor is the broker's default, 1 for a broker of its own.
     *
     * @param name a name that no topic of the broker has
     * @param partitions number of partitions, at least 1
     * @throws IllegalArgumentException when {@code partitions} is less than 1
     * @throws IllegalStateException when the broker refuses, does not answer within 30 s or elects no leaders within 60 s
     */
    public void createTopic(String name, int partitions) {
        BrokerAdmin.createTopic(bootstrapServers(), Objects.requireNonNull(name, "name"), partitions);
    }

    /**
     * Adds partitions to a topic and returns when each of them has a leader.
     *
     * @param topic an existing topic
     * @param total number of partitions afterwards, more than it has
     * @throws IllegalArgumentException when {@code total} is less than 1
     * @throws IllegalStateException when the broker refuses, does not answer within 30 s or elects no leaders within 60 s
     */
    public void addPartitions(String topic, int total) {
        BrokerAdmin.addPartitions(bootstrapServers(), Objects.requireNonNull(topic, "topic"), total);
    }

    /**
     * Kills the process (SIGKILL) and returns when it is gone. Its data stay for {@link #restart}.
     *
     * @throws IllegalStateException when the broker is not running
     * @throws UnsupportedOperationException when the broker was given by its address, or is shared
     */
    public void kill() {
        broker.kill();
    }

    /**
     * Freezes the process (SIGSTOP): connections stay open and nothing answers. Does nothing when it is frozen already.
     *
     * @throws IllegalStateException when the broker is not running
     * @throws UnsupportedOperationException when the broker was given by its address, or is shared
     */
    public void freeze() {
        broker.freeze();
    }

    /**
     * Lets a frozen process run on (SIGCONT). Does nothing when it is not frozen.
     *
     * @throws IllegalStateException when the broker is not running
     * @throws UnsupportedOperationException when the broker was given by its address, or is shared
     */
    public void thaw() {
        broker.thaw();
    }

    /**
     * Starts the broker again on the same data, directory and ports, and returns when a client of its own was told that it lives. A
     * running broker is stopped in order first. After {@link #kill} this takes about 13 s, or 3 s with
     * {@link Builder#fastSessionTimeout}.
     *
     * @throws IllegalStateException when the broker does not start; the message ends with the tail of its log
     * @throws UnsupportedOperationException when the broker was given by its address, or is shared
     */
    public void restart() {
        broker.restart();
    }

    /**
     * Stops the process in order (SIGTERM; SIGKILL after 20 s) and keeps its data for {@link #restart}. Does nothing when it is not
     * running.
     *
     * @throws UnsupportedOperationException when the broker was given by its address, or is shared
     */
    public void stop() {
        broker.stop();
    }

    /**
     * Stops the process as {@link #stop} does and deletes its temporary directory, its log included; a directory chosen by
     * {@link Builder#directory} stays. Leaves a broker that was given by its address as it is. A second call does nothing.
     *
     * @throws UnsupportedOperationException when the broker is shared
     */
    @Override
    public void close() {
        broker.close();
        if (proxy != null) {
            proxy.close();
        }
    }

    /**
     * Tells where the broker logs to, all its runs in one file.
     *
     * @return the log file, deleted by {@link #close} unless it is in a directory chosen by {@link Builder#directory}
     * @throws UnsupportedOperationException when the broker was given by its address
     */
    public Path log() {
        return broker.log();
    }

    /**
     * Tells the id of the broker's process.
     *
     * @return the process id of the present run
     * @throws IllegalStateException when the broker is not running
     * @throws UnsupportedOperationException when the broker was given by its address
     */
    public long pid() {
        return broker.pid();
    }

    /** Settings of a broker before its start; used by one thread. */
    public static final class Builder {
        private final BrokerProperties properties = new BrokerProperties();
        private Duration startTimeout = Duration.ofSeconds(60);
        private @Nullable Path directory;
        private @Nullable ProxiedListener proxied;

        private Builder() {}

        /**
         * Lets a killed broker come back in about 3 s instead of 13 s: {@code broker.session.timeout.ms=1000} instead of 9000. For
         * tests that kill; on a machine under load a healthy broker may lose its session for a moment.
         *
         * @return this builder
         */
        public Builder fastSessionTimeout() {
            properties.fastSessionTimeout();
            return this;
        }

        /**
         * Sets a property of the broker ({@code server.properties}).
         *
         * @param name any but those by which the fixture finds the broker: its role, id, listeners, quorum and {@code log.dirs}
         * @param value the value as Kafka reads it
         * @return this builder
         * @throws IllegalArgumentException when the name is blank or belongs to the fixture
         */
        public Builder property(String name, String value) {
            properties.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Gives the broker a second listener, which clients reach through {@link KafkaServer#proxy} only.
         *
         * @return this builder
         */
        public Builder proxied() {
            proxied = ProxiedListener.free();
            return this;
        }

        /**
         * Adds a listener with TLS, and with SASL if it says so, beside the plain one, which stays open to everybody.
         *
         * @param listener a listener; a later one of the same name takes its place
         * @return this builder
         */
        public Builder listener(SecuredListener listener) {
            properties.listen(listener.plan());
            return this;
        }

        /**
         * Lets named clients do only what an access rule (ACL) grants them. Those of the plain listener are
         * {@code User:ANONYMOUS} and may do everything, granting included.
         *
         * @return this builder
         */
        public Builder accessControl() {
            properties.accessControl();
            return this;
        }

        /**
         * Keeps the broker's data and log in a directory that {@link KafkaServer#close} leaves there; default: a temporary one.
         *
         * @param directory used by one broker at a time; created when it does not exist, continued when it holds a broker's data
         * @return this builder
         */
        public Builder directory(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Limits how long a start and a restart may take.
         *
         * @param limit more than zero; default 60 s
         * @return this builder
         * @throws IllegalArgumentException when the limit is not more than zero
         */
        public Builder startTimeout(Duration limit) {
            if (limit.isNegative() || limit.isZero()) {
                throw new IllegalArgumentException(
                        "setting the start timeout to " + limit + " was refused: give more than zero, such as PT60S");
            }
            this.startTimeout = limit;
            return this;
        }

        /**
         * Starts the broker and returns when a client of its own was told that it lives.
         *
         * @return the running broker, to be closed by the caller
         * @throws IllegalStateException when no broker can be found, or it does not start; the message says why and how to get one,
         *     and ends with the tail of the broker's log
         * @throws UnsupportedOperationException when the broker is given by its address and settings were chosen
         */
        public KafkaServer start() {
            BrokerAdmin.requireClient();
            Lookup lookup = Lookup.ofThisJvm();
            KafkaBroker broker =
                    lookup.bootstrapServers().map(this::given).orElseGet(() -> local(lookup.brokerLibrary()));
            return new KafkaServer(broker, proxied == null ? null : FaultProxy.to(proxied));
        }

        private KafkaBroker given(String bootstrapServers) {
            List<String> settings = new ArrayList<>(properties.chosenNames());
            if (proxied != null) {
                settings.add("a listener behind a proxy");
            }
            return GivenBroker.at(bootstrapServers, settings, Deadline.in(startTimeout));
        }

        private KafkaBroker local(Path library) {
            return LocalBroker.start(new LocalBrokerPlan(library, properties, directory, startTimeout, proxied));
        }
    }
}
