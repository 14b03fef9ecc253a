package io.microservicekit.messaging.kafka.internal.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sends that the driver has taken and that have no outcome, and how many have no confirmation: these, and those that the limit of a close cut off.
 */
public final class InFlightSends {
    private final AtomicLong unconfirmed = new AtomicLong();
    private final AtomicLong lastNumber = new AtomicLong();
    private final Map<Long, PendingSend> held;
    /** A stack, linked through the sends, that needs no memory. */
    private final AtomicReference<@Nullable PendingSend> unlisted = new AtomicReference<>();

    private volatile boolean givenUp;

    /** None in flight. */
    public InFlightSends() {
        this(new ConcurrentSkipListMap<>());
    }

    InFlightSends(Map<Long, PendingSend> held) {
        this.held = held;
    }

    /** The driver has one; what it is known by. */
    public long taken(PendingSend send) {
        unconfirmed.incrementAndGet();
        long number = lastNumber.incrementAndGet();
        held.put(number, send);
        return number;
    }

    /** For one that was taken there was no memory. It is found with the others, after them, and not counted. */
    public void unlisted(PendingSend send) {
        unconfirmed.decrementAndGet();
        PendingSend top;
        do {
            top = unlisted.get();
            send.putOver(top);
        } while (!unlisted.compareAndSet(top, send));
    }

    /** One has its outcome, in time or what it was to hear. */
    public void confirmed(long number) {
        held.remove(number);
        unconfirmed.decrementAndGet();
    }

    /** One has its outcome, later than that: it stays counted. */
    public void endedLate(long number) {
        held.remove(number);
    }

    /** One that the driver never took was cut off by the limit of a close. */
    public void cutOff() {
        unconfirmed.incrementAndGet();
    }

    public long unconfirmed() {
        return unconfirmed.get();
    }

    /** Those without an outcome of which a condition is true, in the order they were taken. Looks at each. */
    public List<PendingSend> matching(Predicate<PendingSend> condition) {
        List<PendingSend> found = new ArrayList<>();
        for (PendingSend send : held.values()) {
            if (condition.test(send)) {
                found.add(send);
            }
        }
        for (PendingSend send : openUnlisted()) {
            if (condition.test(send)) {
                found.add(send);
            }
        }
        return found;
    }

    private List<PendingSend> openUnlisted() {
        List<PendingSend> open = new ArrayList<>();
        PendingSend top = unlisted.get();
        for (PendingSend send = top; send != null; send = send.under()) {
            if (!send.future().isDone()) {
                open.add(send);
            }
        }
        if (open.isEmpty() && top != null) {
            unlisted.compareAndSet(top, null);
        }
        return open;
    }

    /** Those without an outcome, in the order they were taken. Whoever takes one that is not among them finds that all were given up. */
    public List<PendingSend> giveUp() {
        givenUp = true;
        List<PendingSend> all = new ArrayList<>(held.values());
        all.addAll(openUnlisted());
        return all;
    }

    /** Whether nobody waits for outcomes any more. To be asked after a send was taken. */
    public boolean isGivenUp() {
        return givenUp;
    }
}
