package io.microservicekit.messaging.rabbitmq.internal.consume;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How much the broker may send on one channel. What is held uses up the credit of the consumer it was sent to, and raising {@code basic.qos} does
 * nothing for a running consumer: so further consumers are started on the channel, each with as much credit as is held, and ended when no longer needed.
 * Deliveries that are not held stay within the window, but for those whose hold was just released. Sums are kept,
 * since there may be thousands of consumers and each hold asks for them.
 */
final class Window {
    private final int size;
    private final int maxHeld;
    private final boolean single;
    private final Map<String, Credit> credits = new LinkedHashMap<>();
    private final TreeMap<Integer, Credit> live = new TreeMap<>();
    /** Those of the live ones that are not used up by what is held. */
    private final TreeMap<Integer, Credit> useful = new TreeMap<>();

    private int lastNumber;
    private int held;
    private int retried;
    private int capacity;
    private int freeOfLive;

    /**
     * Without a consumer.
     *
     * @param size how many deliveries that are not held there may be, at least 1
     * @param maxHeld how many held ones there may be beside them
     * @param single whether a second consumer would get nothing, or do harm
     */
    Window(int size, int maxHeld, boolean single) {
        this.size = size;
        this.maxHeld = maxHeld;
        this.single = single;
    }

    boolean isSingle() {
        return single;
    }

    int size() {
        return size;
    }

    /** How much credit a further consumer has to get; 0 for none. */
    int growth() {
        if (!live.isEmpty() && (single || !halfHeld())) {
            return 0;
        }
        return Math.max(0, Math.min(size - free(), room()));
    }

    private boolean halfHeld() {
        return free() <= size / 2;
    }

    private int room() {
        return (int) Math.min(Integer.MAX_VALUE, (long) size + maxHeld - capacity);
    }

    /** Counts a further consumer. */
    Credit grow(String prefix, int credit) {
        int number = ++lastNumber;
        Credit grown = new Credit(this, number, prefix + "-" + number, credit);
        credits.put(grown.consumerTag, grown);
        live.put(number, grown);
        useful.put(number, grown);
        count(grown, 1);
        return grown;
    }

    /** Changes a consumer, and the sums with it. */
    void change(Credit credit, Runnable change) {
        count(credit, -1);
        change.run();
        count(credit, 1);
        if (!credit.isLive()) {
            live.remove(credit.number);
        }
        if (credit.isLive() && credit.free() > 0) {
            useful.put(credit.number, credit);
        } else {
            useful.remove(credit.number);
        }
        if (credit.isSpent()) {
            credits.remove(credit.consumerTag);
        }
    }

    private void count(Credit credit, int times) {
        held += times * credit.held();
        retried += times * credit.retried();
        capacity += times * credit.capacity();
        freeOfLive += credit.isLive() ? times * credit.free() : 0;
    }

    /** Whether the consumers have more credit than the window allows, since less is held than was. The last one is none too much. */
    boolean isExceeded() {
        return freeOfLive > size && live.size() > 1;
    }

    /** A consumer whose credit is too much; null for none. */
    @Nullable Credit surplus() {
        return isExceeded() ? useful.lastEntry().getValue() : null;
    }

    /** The consumers that are not ended. */
    List<Credit> running() {
        return new ArrayList<>(live.values());
    }

    @Nullable Credit named(String consumerTag) {
        return credits.get(consumerTag);
    }

    /** Whether more is held than can be made up for. */
    boolean stuck() {
        return single ? !live.isEmpty() && free() <= 0 : halfHeld() && size - free() > room();
    }

    int held() {
        return held;
    }

    /** How many unacknowledged ones were held at some time, or are. */
    int retried() {
        return retried;
    }

    private int free() {
        return capacity - held;
    }
}
