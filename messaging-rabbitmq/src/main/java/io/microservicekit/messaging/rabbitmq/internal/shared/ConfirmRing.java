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

    /** The number must be higher than those before. */
    void put(long sequence, PendingSend send) {
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

    /** Takes the send of a number, and with {@code multiple} all of lower numbers too. */
    void take(long sequence, boolean multiple, List<PendingSend> into) {
        PendingSend first = oldest;
        while (multiple && first != null && first.sequence < sequence) {
            remove(first, into);
            first = oldest;
        }
        PendingSend send = get(sequence);
        if (send != null) {
            remove(send, into);
        }
    }

    void takeIf(Predicate<PendingSend> condition, List<PendingSend> into) {
        forEach(send -> {
            if (condition.test(send)) {
                remove(send, into);
            }
        });
    }

    /** In their order; the action may remove the one that it is given. */
    void forEach(Consumer<PendingSend> action) {
        PendingSend send = oldest;
        while (send != null) {
            PendingSend next = send.after;
            action.accept(send);
            send = next;
        }
    }

    private void remove(PendingSend send, List<PendingSend> into) {
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
        into.add(send);
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
