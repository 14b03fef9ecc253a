package io.microservicekit.messaging.rabbitmq.internal.shared;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which of several addresses worked last, for both connections of a client: the next attempt begins there, not at one that may be silent. Thread-safe. */
public final class LastAddress {
    private volatile int index;

    /** None has worked yet. */
    public LastAddress() {}

    /** All addresses, from the one that worked last around to the one before it. */
    public <A> List<A> first(List<A> addresses) {
        List<A> order = new ArrayList<>(addresses);
        Collections.rotate(order, -index);
        return order;
    }

    /** One of these works. */
    public <A> void works(A address, List<A> addresses) {
        index = Math.max(0, addresses.indexOf(address));
    }
}
