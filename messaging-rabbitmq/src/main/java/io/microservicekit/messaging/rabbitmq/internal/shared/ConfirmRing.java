package io.microservicekit.messaging.rabbitmq.internal.shared;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends by the numbers of their confirmations, which rise by one: an array in which each number has its place. Guarded by the lock of its owner. It
 * spans from the oldest send without an outcome to the newest, so its length is what is sent within one timeout at the most.
 */
final class ConfirmRing {
    private static final int FIRST_LENGTH = 64;

    private @Nullable PendingSend[] slots = new @Nullable PendingSend[FIRST_LENGTH];
    private long first;
    private long end;
    private int size;

    int size() {
        return size;
    }

    /** The number must be higher than those before. */
    void put(long sequence, PendingSend send) {
        if (size == 0) {
            first = sequence;
        }
        while (sequence - first >= slots.length) {
            grow();
        }
        end = sequence + 1;
        slots[place(sequence)] = send;
        size++;
    }

    /** Null when nothing of this number waits any more. */
    @Nullable PendingSend get(long sequence) {
        return sequence < first || sequence >= end ? null : slots[place(sequence)];
    }

    /** Takes the send of a number, and with {@code multiple} all of lower numbers too. */
    void take(long sequence, boolean multiple, List<PendingSend> into) {
        long last = Math.min(sequence, end - 1);
        for (long number = multiple ? first : sequence; number <= last; number++) {
            remove(number, into);
        }
        skipEmpty();
    }

    void takeIf(Predicate<PendingSend> condition, List<PendingSend> into) {
        for (long number = first; number < end; number++) {
            PendingSend send = get(number);
            if (send != null && condition.test(send)) {
                remove(number, into);
            }
        }
        skipEmpty();
    }

    void forEach(Consumer<PendingSend> action) {
        for (long number = first; number < end; number++) {
            PendingSend send = get(number);
            if (send != null) {
                action.accept(send);
            }
        }
    }

    private void remove(long number, List<PendingSend> into) {
        PendingSend send = get(number);
        if (send != null) {
            into.add(send);
            slots[place(number)] = null;
            size--;
        }
    }

    private void skipEmpty() {
        while (first < end && slots[place(first)] == null) {
            first++;
        }
    }

    private void grow() {
        @Nullable PendingSend[] longer = new @Nullable PendingSend[slots.length * 2];
        for (long number = first; number < end; number++) {
            longer[(int) (number & (longer.length - 1))] = slots[place(number)];
        }
        slots = longer;
    }

    private int place(long number) {
        return (int) (number & (slots.length - 1));
    }
}
