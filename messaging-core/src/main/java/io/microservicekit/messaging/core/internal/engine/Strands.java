package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of an assignment that are not handled, each linked to the next of its lane: a ring from the first of them on, so that a message costs
 * no object. They have the numbers that {@link Window} gives them.
 */
final class Strands {
    private static final int LEAST = 16;

    private @Nullable ReceivedMessage[] messages = new ReceivedMessage[LEAST];
    private @Nullable KeyLane[] lanes = new KeyLane[LEAST];
    private int[] gaps = new int[LEAST];
    private long[] nanos = new long[LEAST];
    private long first;
    private long end;

    /** The same with lanes of another holding, which the function makes; each is asked for once. */
    Strands copy(Function copyOf) {
        Strands copy = new Strands();
        copy.messages = messages.clone();
        copy.gaps = gaps.clone();
        copy.nanos = nanos.clone();
        copy.lanes = new KeyLane[lanes.length];
        copy.first = first;
        copy.end = end;
        forEach(lane -> {
            KeyLane twin = copyOf.apply(lane, copy);
            long number = lane.firstNumber;
            for (int i = 0; i < lane.length; i++) {
                copy.lanes[slot(number)] = twin;
                number = after(number);
            }
        });
        return copy;
    }

    /** Makes the copy of a lane. */
    interface Function {
        KeyLane apply(KeyLane lane, Strands copy);
    }

    private int slot(long number) {
        return (int) number & (messages.length - 1);
    }

    void add(KeyLane lane, ReceivedMessage message, long at) {
        if (end - first == messages.length) {
            grow();
        }
        long number = end++;
        int slot = slot(number);
        messages[slot] = message;
        lanes[slot] = lane;
        nanos[slot] = at;
        if (lane.length++ == 0) {
            lane.firstNumber = number;
        } else {
            gaps[slot(lane.lastNumber)] = (int) (number - lane.lastNumber);
        }
        lane.lastNumber = number;
    }

    private void grow() {
        int length = messages.length;
        messages = Rings.grown(messages, new ReceivedMessage[2 * length], length, first);
        lanes = Rings.grown(lanes, new KeyLane[2 * length], length, first);
        gaps = Rings.grown(gaps, new int[2 * length], length, first);
        nanos = Rings.grown(nanos, new long[2 * length], length, first);
    }

    /** The first message of a lane is handled. */
    void removeFirst(KeyLane lane) {
        int slot = slot(lane.firstNumber);
        messages[slot] = null;
        lanes[slot] = null;
        if (--lane.length > 0) {
            lane.firstNumber += gaps[slot];
        }
        while (first < end && lanes[slot(first)] == null) {
            first++;
        }
    }

    ReceivedMessage message(long number) {
        return Objects.requireNonNull(messages[slot(number)], "a message that is not handled is kept");
    }

    long nanos(long number) {
        return nanos[slot(number)];
    }

    /** The number of the next message of the same lane, if there is one. */
    long after(long number) {
        return number + gaps[slot(number)];
    }

    /** The lane of a message, null when it is handled. */
    @Nullable KeyLane lane(long number) {
        return number >= first && number < end ? lanes[slot(number)] : null;
    }

    /** Whether a message with that number was delivered. */
    boolean holds(long number) {
        return number < end;
    }

    /** Visits the lanes in the order of their first messages. */
    void forEach(Consumer<? super KeyLane> visitor) {
        for (long number = first; number < end; number++) {
            KeyLane lane = lane(number);
            if (lane != null && lane.firstNumber == number) {
                visitor.accept(lane);
            }
        }
    }
}
