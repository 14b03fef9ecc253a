package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.it.ProcessState;
import io.microservicekit.messaging.testkit.junit.FaultProxy;
import io.microservicekit.messaging.testkit.junit.KafkaServer;
import io.microservicekit.messaging.testkit.junit.RabbitMqServer;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How a broker is lost to its clients, and comes back.
 *
 * @param begin loses it
 * @param bit whether it is lost, asked before it is back
 * @param end brings it back
 */
public record Outage(Runnable begin, Callable<Boolean> bit, Runnable end) {
    /** A network that carries nothing and says nothing; all connections stay open. */
    public static Outage blackHole(FaultProxy network) {
        AtomicLong before = new AtomicLong();
        Runnable begin = () -> {
            before.set(network.held());
            network.stall();
        };
        return new Outage(begin, () -> network.held() > before.get(), network::heal);
    }

    /** The broker's process stands still. */
    public static Outage frozen(KafkaServer server) {
        return new Outage(server::freeze, () -> ProcessState.isStopped(server.pid()), server::thaw);
    }

    /** The node's process stands still. */
    public static Outage frozen(RabbitMqServer server) {
        return new Outage(server::freeze, () -> ProcessState.isStopped(server.pid()), server::thaw);
    }

    /** The broker's process ends at once. */
    public static Outage killed(KafkaServer server) {
        return killed(server::pid, server::kill, server::restart);
    }

    /** The node's process ends at once. */
    public static Outage killed(RabbitMqServer server) {
        return killed(server::pid, server::kill, server::restart);
    }

    private static Outage killed(LongSupplier pid, Runnable kill, Runnable restart) {
        AtomicLong killed = new AtomicLong();
        Runnable begin = () -> {
            killed.set(pid.getAsLong());
            kill.run();
        };
        return new Outage(begin, () -> ProcessState.hasEnded(killed.get()), restart);
    }
}
