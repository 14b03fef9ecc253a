package io.microservicekit.messaging.rabbitmq.internal.shared;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends by the numbers of their confirmations, which rise by one: an array in which each number has its place, and a chain of those that are there, so
 * that a walk costs what is there and not what once was. Guarded by the lock of its owner. The array is bounded by how many were there at once, not by how
 * many were answered while one was not: the few that are too far behind the newest for a place in it are kept in a map.
 */
final class ConfirmRing {
    private static final int FIRST_LENGTH = 64;
    /** Up to how many places the array may have, however few there are. */
    private static final int FEW_PLACES = 1024;
    /** How many places there may be for each one that is there. */
    private static final int PLACES_FOR_EACH = 16;

    private @Nullable PendingSend[] slots = new @Nullable PendingSend[FIRST_LENGTH];
    private final Map<Long, PendingSend> farBehind;
    private @Nullable PendingSend oldest;
    private @Nullable PendingSend oldestInSlots;
    private @Nullable PendingSend newest;
    private int size;

    ConfirmRing() {
        this(new LinkedHashMap<>());
    }

    /** With the map for those that are too far behind. */
    ConfirmRing(Map<Long, PendingSend> farBehind) {
        this.farBehind = farBehind;
    }

    int size() {
        return size;
    }

    /** How many places its array has. */
    int places() {
        return slots.length;
    }

    /**
     * Adds a send, or nothing when anything is thrown.
     *
     * @param sequence must be higher than those that are there
     */
    void put(long sequence, PendingSend send) {
        if (newest != null && sequence <= newest.sequence) {
            throw new IllegalArgumentException("The number " + sequence + " of a message is not higher than "
                    + newest.sequence + ", which has no outcome yet");
        }
        makePlaceFor(sequence);
        slots[place(sequence)] = send;
        append(sequence, send);
        size++;
    }

    private void makePlaceFor(long sequence) {
        PendingSend first = oldestInSlots;
        while (first != null && sequence - first.sequence >= slots.length) {
            if (slots.length < Math.max(FEW_PLACES, (long) PLACES_FOR_EACH * size)) {
                grow();
            } else {
                farBehind.put(first.sequence, first);
                slots[place(first.sequence)] = null;
                first = first.after;
                oldestInSlots = first;
            }
        }
    }

    private void append(long sequence, PendingSend send) {
        send.sequence = sequence;
        send.before = newest;
        if (newest == null) {
            oldest = send;
        } else {
            newest.after = send;
        }
        newest = send;
        if (oldestInSlots == null) {
            oldestInSlots = send;
        }
    }

    /** Null when nothing of this number waits any more. */
    @Nullable PendingSend get(long sequence) {
        PendingSend send = slots[place(sequence)];
        if (send != null && send.sequence == sequence) {
            return send;
        }
        PendingSend far = farBehind.isEmpty() ? null : farBehind.get(sequence);
        // One that is not in the chain has had its outcome: a lack of memory had left it in the map as well.
        return far != null && (far == oldest || far.before != null) ? far : null;
    }

    /** Takes the send of a number, and with {@code multiple} all of lower numbers too; or none when anything is thrown. */
    void take(long sequence, boolean multiple, List<PendingSend> into) {
        int from = into.size();
        PendingSend lower = multiple ? oldest : null;
        while (lower != null && lower.sequence < sequence) {
            into.add(lower);
            lower = lower.after;
        }
        PendingSend send = get(sequence);
        if (send != null) {
            into.add(send);
        }
        removeFrom(into, from);
    }

    /** Takes those; or none when anything is thrown. */
    void takeIf(Predicate<PendingSend> condition, List<PendingSend> into) {
        int from = into.size();
        forEach(send -> {
            if (condition.test(send)) {
                into.add(send);
            }
        });
        removeFrom(into, from);
    }

    /** In their order. */
    void forEach(Consumer<PendingSend> action) {
        for (PendingSend send = oldest; send != null; send = send.after) {
            action.accept(send);
        }
    }

    /** Once all are gathered: what was unlinked before a lack of memory would be nowhere. To unlink needs none; to forget may need some. */
    private void removeFrom(List<PendingSend> taken, int from) {
        for (int i = from; i < taken.size(); i++) {
            forget(taken.get(i));
        }
        for (int i = from; i < taken.size(); i++) {
            unlink(taken.get(i));
        }
    }

    /** It may be in both, where it was thrown that there is no memory for a larger map. */
    private void forget(PendingSend send) {
        if (!farBehind.isEmpty()) {
            farBehind.remove(send.sequence);
        }
        int place = place(send.sequence);
        if (slots[place] == send) {
            slots[place] = null;
        }
    }

    private void unlink(PendingSend send) {
        if (send == oldestInSlots) {
            oldestInSlots = send.after;
        }
        PendingSend before = send.before;
        PendingSend after = send.after;
        if (before == null) {
            oldest = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.before = before;
        }
        send.before = null;
        send.after = null;
        size--;
    }

    private void grow() {
        @Nullable PendingSend[] longer = new @Nullable PendingSend[slots.length * 2];
        for (PendingSend send = oldestInSlots; send != null; send = send.after) {
            longer[(int) (send.sequence & (longer.length - 1))] = send;
        }
        slots = longer;
    }

    private int place(long number) {
        return (int) (number & (slots.length - 1));
    }
}
