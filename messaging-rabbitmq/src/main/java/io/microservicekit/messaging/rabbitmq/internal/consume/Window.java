package io.microservicekit.messaging.rabbitmq.internal.consume;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much the broker may send on one channel. What is held uses up the credit of the consumer it was sent to, and raising {@code basic.qos} does
 * nothing for a running consumer: so further consumers are started on the channel, each with as much credit as is held, and ended when no longer needed.
 * Deliveries that are not held stay within the window, but for those whose hold was just released.
 */
final class Window {
    private final int size;
    private final int maxHeld;
    private final boolean single;
    private final List<Credit> credits = new ArrayList<>();
    private int lastNumber;

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
        forgetEnded();
        boolean running = live() > 0;
        if (running && (single || !halfHeld())) {
            return 0;
        }
        return Math.max(0, Math.min(size - free(), room()));
    }

    private boolean halfHeld() {
        return free() <= size / 2;
    }

    private int room() {
        return (int) Math.min(Integer.MAX_VALUE, (long) size + maxHeld - capacity());
    }

    /** Counts a further consumer. */
    Credit grow(String prefix, int credit) {
        Credit grown = new Credit(prefix + "-" + ++lastNumber, credit);
        credits.add(grown);
        return grown;
    }

    /** A consumer whose credit is more than the window allows, since less is held than was; null for none. The last one is kept. */
    @Nullable Credit surplus() {
        int free =
                credits.stream().filter(Credit::isLive).mapToInt(Credit::free).sum();
        if (free <= size || live() < 2) {
            return null;
        }
        for (int i = credits.size() - 1; i >= 0; i--) {
            Credit credit = credits.get(i);
            if (credit.isLive() && credit.free() > 0) {
                return credit;
            }
        }
        return null;
    }

    /** The consumers that are not ended. */
    List<Credit> running() {
        return credits.stream().filter(Credit::isLive).toList();
    }

    @Nullable Credit named(String consumerTag) {
        return credits.stream()
                .filter(credit -> credit.consumerTag.equals(consumerTag))
                .findFirst()
                .orElse(null);
    }

    /** Whether more is held than can be made up for. */
    boolean stuck() {
        return single ? live() > 0 && free() <= 0 : halfHeld() && size - free() > room();
    }

    int held() {
        return credits.stream().mapToInt(Credit::held).sum();
    }

    private int live() {
        return (int) credits.stream().filter(Credit::isLive).count();
    }

    private int free() {
        return credits.stream().mapToInt(Credit::free).sum();
    }

    private int capacity() {
        return credits.stream().mapToInt(Credit::capacity).sum();
    }

    private void forgetEnded() {
        credits.removeIf(Credit::isSpent);
    }
}
