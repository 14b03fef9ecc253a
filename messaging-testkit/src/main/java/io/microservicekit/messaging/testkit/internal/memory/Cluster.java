package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.Capability;
import io.microservicekit.messaging.api.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of one in-memory broker behind one lock. Listeners and futures are never called while it is held. */
final class Cluster {
    /** A delivery should come back well before the broker takes it by force. */
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Violations violations = new Violations();
    private final Faults faults = new Faults();
    private final Flavour flavour;
    private final Duration revokeDrain;
    private final Set<MemoryConsumer> consumers = new LinkedHashSet<>();
    private final Set<MemoryBackend> backends = new LinkedHashSet<>();
    private boolean connected = true;

    Cluster(Duration revokeDrain, Function<Violations, Flavour> flavour) {
        this.revokeDrain = revokeDrain;
        this.flavour = flavour.apply(violations);
    }

    <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    Set<Capability> capabilities() {
        return flavour.capabilities();
    }

    Group group(String name) {
        return flavour.group(name);
    }

    Flavour flavour() {
        return flavour;
    }

    Faults faults() {
        return faults;
    }

    Violations violations() {
        return violations;
    }

    boolean connected() {
        return connected;
    }

    Duration revokeDrain() {
        return revokeDrain;
    }

    @Nullable Duration consumerTimeout() {
        return flavour.consumerTimeout();
    }

    @Nullable Duration holdLimit() {
        Duration timeout = flavour.consumerTimeout();
        if (timeout == null) {
            return null;
        }
        Duration nearlyHalf = timeout.multipliedBy(9).dividedBy(20);
        return nearlyHalf.compareTo(LONGEST_HOLD) < 0 ? nearlyHalf : LONGEST_HOLD;
    }

    void add(MemoryConsumer consumer) {
        consumers.add(consumer);
    }

    void remove(MemoryConsumer consumer) {
        consumers.remove(consumer);
    }

    void add(MemoryBackend backend) {
        backends.add(backend);
    }

    void remove(MemoryBackend backend) {
        backends.remove(backend);
    }

    /** Stores a message, or does instead what a fault plan says. Under the lock. */
    Receipt accept(Message message, boolean deadLetter) {
        if (!connected) {
            return new Receipt(Fault.NOT_DELIVERED, null, "the connection to the broker is lost");
        }
        Fault fault = faults.next(message.topic());
        LogEntry entry = null;
        for (int copy = 0; copy < fault.copies(); copy++) {
            entry = deadLetter ? flavour.publishDeadLetter(message) : flavour.publish(message);
        }
        if (entry != null) {
            return new Receipt(fault, entry, null);
        }
        return new Receipt(fault, null, fault.copies() == 0 ? "a fault plan says so" : Receipt.UNROUTABLE);
    }

    void expire(Predicate<MemoryConsumer> condition) {
        for (MemoryConsumer consumer : matching(condition)) {
            consumer.group().expire(consumer);
        }
    }

    void disconnect() {
        if (connected) {
            connected = false;
            backends.forEach(MemoryBackend::connectionLost);
            matching(consumer -> true).forEach(consumer -> consumer.group().disconnected(consumer));
        }
    }

    void reconnect() {
        if (!connected) {
            connected = true;
            matching(consumer -> true).forEach(consumer -> consumer.group().reconnected(consumer));
        }
    }

    private List<MemoryConsumer> matching(Predicate<MemoryConsumer> condition) {
        List<MemoryConsumer> found = new ArrayList<>(consumers);
        found.removeIf(condition.negate());
        return found;
    }
}
