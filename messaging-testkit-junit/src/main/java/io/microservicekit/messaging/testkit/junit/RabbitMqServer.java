package io.microservicekit.messaging.testkit.junit;

import io.microservicekit.messaging.testkit.junit.internal.Deadline;
import io.microservicekit.messaging.testkit.junit.internal.GivenRabbitMq;
import io.microservicekit.messaging.testkit.junit.internal.LocalRabbitMq;
import io.microservicekit.messaging.testkit.junit.internal.RabbitMqContainers;
import io.microservicekit.messaging.testkit.junit.internal.RabbitMqLookup;
import io.microservicekit.messaging.testkit.junit.internal.RabbitMqNode;
import io.microservicekit.messaging.testkit.junit.internal.RabbitMqPlan;
import io.microservicekit.messaging.testkit.junit.internal.RabbitMqSettings;
import io.microservicekit.messaging.testkit.junit.internal.SharedRabbitMq;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A real RabbitMQ node for tests, which a test may kill, freeze and restart.
 *
 * <p>Which node it is, the machine decides: the one at the URL given by the system property {@code messaging.rabbitmq.url} or the
 * environment variable {@code MESSAGING_RABBITMQ_URL}; else, in the tests of this library only, a container of the image named by
 * {@code messaging.rabbitmq.image} or {@code MESSAGING_RABBITMQ_IMAGE}; else a process of its own, from the installation in the directory given by
 * {@code messaging.rabbitmq.home} or {@code MESSAGING_RABBITMQ_HOME}; else from the package {@code rabbitmq-server} of Debian or Ubuntu. With
 * none of them, starting fails and says how to get one: nothing is skipped. The directory is an unpacked archive of RabbitMQ with
 * {@code sbin/rabbitmq-server}, or the root of another Debian system with the package in it, which is entered by {@code chroot} (as root).
 *
 * <p>A node of its own has loopback ports below the ephemeral range (that of epmd, Erlang's directory of nodes, too), a temporary directory and a
 * secret of its own, so that it meets no other node of the machine. It has one user, {@code guest}, who may do everything, and no plugin. It
 * dies with this JVM, even when that is killed with SIGKILL and even while the node is frozen. It needs a Linux system.
 *
 * <p>A quorum queue is safe from {@link #kill} when it was declared a second before: RabbitMQ forgets a younger one.
 *
 * <p>Every method blocks the calling thread; the methods that change the process ({@link #kill}, {@link #freeze}, {@link #thaw},
 * {@link #restart}, {@link #stop}, {@link #close}) are called by one thread at a time, the others by any.
 */
public final class RabbitMqServer implements AutoCloseable {
    private final RabbitMqNode node;

    RabbitMqServer(RabbitMqNode node) {
        this.node = node;
    }

    /**
     * Starts a node with the default settings, in about 6 s.
     *
     * @return the running node, to be closed by the caller
     * @throws IllegalStateException when no node can be found, or it does not start; the message says why and how to get one, and
     *     ends with the tail of the node's log
     */
    public static RabbitMqServer start() {
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

    /** The same node for many tests: they can use it, but not harm it. */
    RabbitMqServer shared() {
        return new RabbitMqServer(new SharedRabbitMq(node));
    }

    /**
     * Tells where clients connect to, and as whom; stays the same across restarts.
     *
     * @return {@code amqp://guest:guest@host:port/%2F}, or the URL of a given node
     */
    public String url() {
        return node.url();
    }

    /**
     * Tells where clients connect to; stays the same across restarts.
     *
     * @return {@code host:port}
     */
    public String address() {
        return node.address();
    }

    /**
     * Tells where clients connect to that use TLS; stays the same across restarts.
     *
     * @return {@code host:port}
     * @throws IllegalStateException when {@link Builder#tls} was not called
     * @throws UnsupportedOperationException when the node was given by its URL
     */
    public String tlsAddress() {
        return node.tlsAddress();
    }

    /**
     * What an operator can do to the node while it runs.
     *
     * @return the operator of this node
     */
    public RabbitMqOperator operator() {
        return new RabbitMqOperator(node);
    }

    /**
     * Kills the process (SIGKILL) and returns when it is gone. Its data stay for {@link #restart}.
     *
     * @throws IllegalStateException when the node is not running
     * @throws UnsupportedOperationException when the node was given by its URL, or is shared
     */
    public void kill() {
        node.kill();
    }

    /**
     * Freezes the process (SIGSTOP): connections stay open and nothing answers. Does nothing when it is frozen already.
     *
     * @throws IllegalStateException when the node is not running
     * @throws UnsupportedOperationException when the node was given by its URL, or is shared
     */
    public void freeze() {
        node.freeze();
    }

    /**
     * Lets a frozen process run on (SIGCONT). Does nothing when it is not frozen.
     *
     * @throws IllegalStateException when the node is not running
     * @throws UnsupportedOperationException when the node was given by its URL, or is shared
     */
    public void thaw() {
        node.thaw();
    }

    /**
     * Starts the node again on the same data, directory and ports, and returns when it takes connections. A running node is stopped in order first.
     * Takes about 4 s after {@link #kill}. A quorum queue may elect its leader a moment later.
     *
     * @throws IllegalStateException when the node does not start; the message ends with the tail of its log
     * @throws UnsupportedOperationException when the node was given by its URL, or is shared
     */
    public void restart() {
        node.restart();
    }

    /**
     * Stops the process in order (SIGTERM; SIGKILL after 30 s) and keeps its data for {@link #restart}. Does nothing when it is not running.
     *
     * @throws UnsupportedOperationException when the node was given by its URL, or is shared
     */
    public void stop() {
        node.stop();
    }

    /**
     * Stops the process as {@link #stop} does and deletes its temporary directory, its log included; a directory chosen by
     * {@link Builder#directory} stays. Leaves a node that was given by its URL as it is. A second call does nothing.
     *
     * @throws UnsupportedOperationException when the node is shared
     */
    @Override
    public void close() {
        node.close();
    }

    /**
     * Tells where the node logs to, all its runs in one file.
     *
     * @return the log file, deleted by {@link #close} unless it is in a directory chosen by {@link Builder#directory}
     * @throws UnsupportedOperationException when the node was given by its URL
     */
    public Path log() {
        return node.log();
    }

    /**
     * Tells the id of the node's process.
     *
     * @return the process id of the present run
     * @throws IllegalStateException when the node is not running
     * @throws UnsupportedOperationException when the node was given by its URL
     */
    public long pid() {
        return node.pid();
    }

    /** Settings of a node before its start; used by one thread. */
    public static final class Builder {
        private final RabbitMqSettings settings = new RabbitMqSettings();
        private Duration startTimeout = Duration.ofMinutes(3);
        private @Nullable Path directory;

        private Builder() {}

        /**
         * Sets a line of {@code rabbitmq.conf}, such as {@code heartbeat} (seconds), {@code frame_max} or {@code max_message_size} (bytes).
         *
         * @param name any but those by which the fixture finds and limits the node: listeners, TLS, logs, limits of memory and disk
         * @param value the value as RabbitMQ reads it, one line
         * @return this builder
         * @throws IllegalArgumentException when the name is none or belongs to the fixture, or the value has more than one line
         */
        public Builder property(String name, String value) {
            settings.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Lets the node close the channel of a consumer that keeps a message for too long ({@code consumer_timeout}). It looks once in
         * each {@link #channelTick}.
         *
         * @param limit from 1 ms; RabbitMQ's default is 30 minutes
         * @return this builder
         * @throws IllegalArgumentException when the limit is less than 1 ms
         */
        public Builder consumerTimeout(Duration limit) {
            settings.put("consumer_timeout", millis("consumer timeout", limit));
            return this;
        }

        /**
         * Sets how often a channel looks after its consumers ({@code channel_tick_interval}).
         *
         * @param interval from 1 ms; RabbitMQ's default is 1 minute
         * @return this builder
         * @throws IllegalArgumentException when the interval is less than 1 ms
         */
        public Builder channelTick(Duration interval) {
            settings.advanced("channel_tick_interval", millis("channel tick", interval));
            return this;
        }

        private static String millis(String what, Duration duration) {
            if (duration.toMillis() < 1) {
                throw new IllegalArgumentException(
                        "setting the " + what + " to " + duration + " was refused: give 1 ms or more");
            }
            return String.valueOf(duration.toMillis());
        }

        /**
         * Limits the memory beyond which the node blocks publishers ({@code vm_memory_high_watermark.absolute}).
         *
         * @param bytes more than zero; default 512 MiB
         * @return this builder
         * @throws IllegalArgumentException when the limit is not more than zero
         */
        public Builder memoryLimit(long bytes) {
            if (bytes <= 0) {
                throw new IllegalArgumentException(
                        "limiting the memory to " + bytes + " bytes was refused: give more than zero");
            }
            settings.memory(bytes);
            return this;
        }

        /**
         * Opens a second listener, with TLS 1.2 and 1.3, beside the plain one. It takes clients without a certificate, and refuses a certificate of an
         * authority that it does not know.
         *
         * @param identity PEM with the node's key and chain, see {@link TestCertificates#identityPem}
         * @param authority PEM with the authority of clients that show a certificate, see {@link TestCertificates#trustPem}
         * @return this builder
         */
        public Builder tls(Path identity, Path authority) {
            settings.tls(Objects.requireNonNull(identity, "identity"), Objects.requireNonNull(authority, "authority"));
            return this;
        }

        /**
         * Lets the listener with TLS refuse clients that show no certificate of the authority.
         *
         * @return this builder
         */
        public Builder clientCertificates() {
            settings.clientCertificates();
            return this;
        }

        /**
         * Keeps the node's data and log in a directory that {@link RabbitMqServer#close} leaves there; default: a temporary one.
         *
         * @param directory used by one node at a time; created when it does not exist, continued when it holds a node's data; below the root of
         *     the other system when the node runs in one
         * @return this builder
         */
        public Builder directory(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Limits how long a start and a restart may take.
         *
         * @param limit more than zero; default 3 minutes
         * @return this builder
         * @throws IllegalArgumentException when the limit is not more than zero
         */
        public Builder startTimeout(Duration limit) {
            if (limit.isNegative() || limit.isZero()) {
                throw new IllegalArgumentException(
                        "setting the start timeout to " + limit + " was refused: give more than zero, such as PT3M");
            }
            this.startTimeout = limit;
            return this;
        }

        /**
         * Starts the node and returns when it takes connections.
         *
         * @return the running node, to be closed by the caller
         * @throws IllegalStateException when no node can be found, or it does not start; the message says why and how to get one,
         *     and ends with the tail of the node's log
         * @throws UnsupportedOperationException when the node is given by its URL and settings were chosen, or by an image and settings
         *     were chosen that a container does not take
         */
        public RabbitMqServer start() {
            RabbitMqLookup lookup = RabbitMqLookup.ofThisJvm();
            RabbitMqNode node = lookup.url()
                    .<RabbitMqNode>map(url -> GivenRabbitMq.at(url, settings.chosenNames(), Deadline.in(startTimeout)))
                    .or(() -> lookup.image().map(this::fromImage))
                    .orElseGet(() -> LocalRabbitMq.start(
                            new RabbitMqPlan(lookup.installation(), settings, directory, startTimeout)));
            return new RabbitMqServer(node);
        }

        private RabbitMqNode fromImage(String image) {
            return RabbitMqContainers.onClassPath(image).start(image, settings, startTimeout);
        }
    }
}
