package io.microservicekit.messaging.testkit.junit;

import io.microservicekit.messaging.testkit.junit.internal.ProxiedListener;
import io.microservicekit.messaging.testkit.junit.internal.shared.Faults;
import io.microservicekit.messaging.testkit.junit.internal.shared.ProxyListener;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A TCP proxy on the loopback interface that can harm what passes through it: a network under the control of a test.
 *
 * <p>It begins without any fault. Faults add up until {@link #heal}; each call replaces an earlier one of its kind and is in force when it
 * returns, for the connections that are there and for later ones. What stands for a Kafka broker is made by
 * {@link KafkaServer.Builder#proxied}: a broker sends its clients to the address that it advertises, so an ordinary proxy would be left behind.
 *
 * <p>Any thread may call. Its threads are daemons; {@link #close} ends its connections.
 */
public final class FaultProxy implements AutoCloseable {
    private final InetSocketAddress own;
    private final Faults faults = new Faults();
    private final ProxyListener listener;

    private FaultProxy(ProxiedListener behind) {
        this.own = behind.proxyAddress();
        this.listener = new ProxyListener(own, behind.address(), faults);
        listener.listen();
    }

    /**
     * Makes a proxy on a free port.
     *
     * @param port the port of the loopback interface (127.0.0.1) that connections are led to
     * @return a running proxy, to be closed by the caller
     * @throws java.io.UncheckedIOException when it cannot listen
     */
    public static FaultProxy to(int port) {
        return new FaultProxy(ProxiedListener.before(port));
    }

    static FaultProxy to(ProxiedListener behind) {
        return new FaultProxy(behind);
    }

    /**
     * Tells where clients connect to.
     *
     * @return {@code host:port}
     */
    public String address() {
        return own.getAddress().getHostAddress() + ":" + own.getPort();
    }

    /**
     * Delays each byte, in both directions, without limiting how many are under way.
     *
     * @param middle the delay in the middle
     * @param jitter how much more or less it may be; at most as much as the middle
     * @throws IllegalArgumentException when a time is negative or the jitter is greater than the middle
     */
    public void latency(Duration middle, Duration jitter) {
        if (jitter.isNegative() || jitter.compareTo(middle) > 0) {
            throw new IllegalArgumentException("setting a latency of " + middle + " with a jitter of " + jitter
                    + " was refused: give a jitter from zero to the latency");
        }
        faults.delay(middle.toNanos(), jitter.toNanos());
    }

    /**
     * Lets only so many bytes pass, in each direction of each connection.
     *
     * @param bytesPerSecond more than zero
     * @throws IllegalArgumentException when it is not more than zero
     */
    public void throttle(long bytesPerSecond) {
        if (bytesPerSecond <= 0) {
            throw new IllegalArgumentException(
                    "limiting to " + bytesPerSecond + " bytes per second was refused: give more than zero");
        }
        faults.throttle(bytesPerSecond);
    }

    /** Lets nothing pass any more while all connections stay open, and new ones are accepted: a black hole. */
    public void stall() {
        faults.stall(true, true);
    }

    /** Lets nothing pass to the broker any more; what the broker sends still arrives. */
    public void stallToBroker() {
        faults.stall(true, false);
    }

    /** Lets nothing pass to the clients any more; what they send still arrives. */
    public void stallToClient() {
        faults.stall(false, true);
    }

    /**
     * Resets the connections that are there (RST); new ones are accepted.
     *
     * @return how many connections were reset
     */
    public int reset() {
        return listener.reset();
    }

    /** Resets the connections that are there, and refuses new ones. */
    public void refuse() {
        listener.refuse();
    }

    /**
     * Lets so many more bytes pass to the broker, counted over all connections; whoever sends more is reset in the middle of what it sends.
     *
     * @param bytes zero or more
     * @throws IllegalArgumentException when it is negative
     */
    public void cutAfter(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("cutting after " + bytes + " bytes was refused: give zero or more");
        }
        faults.cutAfter(bytes);
    }

    /** Ends all faults: what was held goes on, and connections are accepted again. */
    public void heal() {
        faults.heal();
        listener.listen();
    }

    /**
     * Counts connections, so that a test can tell whether clients have come back.
     *
     * @return how many were accepted so far
     */
    public long accepted() {
        return listener.accepted();
    }

    /**
     * Counts how often bytes were held back by a stall, so that a test can tell whether it hit.
     *
     * @return how many times so far
     */
    public long held() {
        return faults.held();
    }

    /**
     * Counts connections that were cut in the middle, so that a test can tell whether that hit.
     *
     * @return how many were cut by {@link #cutAfter} so far
     */
    public long cuts() {
        return faults.cuts();
    }

    /** Resets all connections and stops listening. A second call does nothing. */
    @Override
    public void close() {
        listener.refuse();
    }
}
