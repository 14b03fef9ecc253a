package io.microservicekit.messaging.rabbitmq.internal.shared;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends by the numbers of their confirmations, which rise by one: an array in which each number has its place, and a chain of those that are there, so
 * that a walk costs what is there and not what once was. Guarded by the lock of its owner. The array spans from the oldest send without an outcome
 * to the newest, so its length is what is sent within one timeout at the most.
 */
final class ConfirmRing {
    private static final int FIRST_LENGTH = 64;

    private @Nullable PendingSend[] slots = new @Nullable PendingSend[FIRST_LENGTH];
    private @Nullable PendingSend oldest;
    private @Nullable PendingSend newest;
    private int size;

    int size() {
        return size;
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
        long first = oldest == null ? sequence : oldest.sequence;
        while (sequence - first >= slots.length) {
            grow();
        }
        slots[place(sequence)] = send;
        append(sequence, send);
        size++;
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
    }

    /** Null when nothing of this number waits any more. */
    @Nullable PendingSend get(long sequence) {
        PendingSend send = slots[place(sequence)];
        return send != null && send.sequence == sequence ? send : null;
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

    /** Once all are gathered: what was removed before a lack of memory would be nowhere. Needs none itself. */
    private void removeFrom(List<PendingSend> taken, int from) {
        for (int i = from; i < taken.size(); i++) {
            remove(taken.get(i));
        }
    }

    private void remove(PendingSend send) {
        slots[place(send.sequence)] = null;
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
        forEach(send -> longer[(int) (send.sequence & (longer.length - 1))] = send);
        slots = longer;
    }

    private int place(long number) {
        return (int) (number & (slots.length - 1));
    }
}
