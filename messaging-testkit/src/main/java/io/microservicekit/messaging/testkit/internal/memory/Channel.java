package io.microservicekit.messaging.testkit.internal.memory;

import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** A member's channel to its queue: deliveries by rising tag, of which some are held. Guarded by the broker's lock. */
final class Channel {
    final Assignment assignment;
    boolean paused;
    boolean revoking;

    private final TreeMap<Long, Unacknowledged> deliveries = new TreeMap<>();
    private final NavigableSet<Long> held = new TreeSet<>();
    private long lastTag;

    Channel(Assignment assignment) {
        this.assignment = assignment;
    }

    int credit(ChannelLimits limits) {
        if (paused || revoking) {
            return 0;
        }
        int freed = Math.min(held.size(), limits.maxHeld());
        return limits.prefetch() - (deliveries.size() - freed);
    }

    long deliver(QueueItem item, long now) {
        deliveries.put(++lastTag, new Unacknowledged(item, now));
        return lastTag;
    }

    boolean delivered(long tag) {
        return tag >= 1 && tag <= lastTag;
    }

    boolean hold(long tag) {
        return deliveries.containsKey(tag) && held.add(tag);
    }

    void release(long tag) {
        held.remove(tag);
    }

    /** Whether it names delivered tags only, and beyond {@code upTo} only such as are still unacknowledged, each once. */
    boolean valid(Acknowledgement acknowledgement) {
        long last = acknowledgement.upTo();
        for (long tag : acknowledgement.alsoThese()) {
            if (tag <= last || !deliveries.containsKey(tag)) {
                return false;
            }
            last = tag;
        }
        return acknowledgement.upTo() <= lastTag;
    }

    /** Forgets what is acknowledged and returns how many deliveries that were. */
    int settle(Acknowledgement acknowledgement) {
        int before = deliveries.size();
        deliveries.headMap(acknowledgement.upTo(), true).clear();
        held.headSet(acknowledgement.upTo(), true).clear();
        for (long tag : acknowledgement.alsoThese()) {
            deliveries.remove(tag);
            held.remove(tag);
        }
        return before - deliveries.size();
    }

    int unacknowledged() {
        return deliveries.size();
    }

    OptionalLong oldest() {
        return deliveries.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(deliveries.firstEntry().getValue().since());
    }

    /** Takes back all deliveries, in order. */
    List<QueueItem> drain() {
        List<QueueItem> items = new ArrayList<>();
        deliveries.values().forEach(delivery -> items.add(delivery.item()));
        deliveries.clear();
        held.clear();
        return items;
    }

    private record Unacknowledged(QueueItem item, long since) {}
}
