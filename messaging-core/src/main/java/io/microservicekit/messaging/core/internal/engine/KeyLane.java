package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The messages of one key, or one message that is in no order. It exists only while it has something to do. */
final class KeyLane extends Lane {
    private final Strands strands;

    /** Null in a lane for one message. */
    final byte @Nullable [] key;

    final String topic;
    final int hash;

    /** The next in the same bucket of the {@link KeyTable}. */
    @Nullable KeyLane next;

    /** The numbers of its first and last message, and how many there are; kept by {@link Strands}. */
    long firstNumber;

    long lastNumber;
    int length;

    KeyLane(Holding holding, Strands strands, String topic, byte @Nullable [] key, int hash) {
        super(holding);
        this.strands = strands;
        this.topic = topic;
        this.key = key;
        this.hash = hash;
    }

    KeyLane copy(Holding copiedHolding, Strands copiedStrands) {
        KeyLane copy = copyTo(new KeyLane(copiedHolding, copiedStrands, topic, key, hash));
        copy.firstNumber = firstNumber;
        copy.lastNumber = lastNumber;
        copy.length = length;
        return copy;
    }

    boolean isOf(String otherTopic, byte[] otherKey, int otherHash) {
        return hash == otherHash && Arrays.equals(key, otherKey) && topic.equals(otherTopic);
    }

    @Override
    int count() {
        return length;
    }

    @Override
    ReceivedMessage first() {
        return strands.message(firstNumber);
    }

    @Override
    long firstNanos() {
        return strands.nanos(firstNumber);
    }

    @Override
    List<ReceivedMessage> nextRun(int max) {
        int size = Math.min(max, length);
        if (size == 1) {
            return List.of(first());
        }
        List<ReceivedMessage> messages = new ArrayList<>(size);
        long number = firstNumber;
        for (int i = 0; i < size; i++) {
            messages.add(strands.message(number));
            number = strands.after(number);
        }
        return messages;
    }

    @Override
    void forEachBehind(Consumer<ReceivedMessage> visitor) {
        long number = firstNumber;
        for (int i = 1; i < length; i++) {
            number = strands.after(number);
            visitor.accept(strands.message(number));
        }
    }

    @Override
    int pass(int n) {
        int finished = 0;
        for (int i = 0; i < n; i++) {
            finished += holding.acks.handledOne(firstNumber) ? 1 : 0;
            strands.removeFirst(this);
        }
        return finished;
    }

    /** A message of the same key, or the same message; where it has no offset, one with the same content may be the same. */
    @Override
    boolean isBarredBy(ReceivedMessage running) {
        if (key != null) {
            return Arrays.equals(key, running.key()) && topic.equals(running.topic());
        }
        MessagePosition place = first().position();
        if (place.offset() >= 0) {
            return place.offset() == running.position().offset();
        }
        return topic.equals(running.topic())
                && Arrays.equals(first().value(), running.value())
                && Objects.deepEquals(first().key(), running.key());
    }

    @Override
    String dump() {
        StringBuilder text = new StringBuilder("[");
        long number = firstNumber;
        for (int i = 0; i < length; i++) {
            text.append(i == 0 ? "" : ",")
                    .append(strands.message(number).position().tag());
            number = strands.after(number);
        }
        return text.append("] ").append(super.dump()).toString();
    }
}
