package io.microservicekit.messaging.it.accounting;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Turns events into bytes; one per thread, its buffer is reused. */
@SuppressWarnings("EnumOrdinal") // written and read by one build
final class EventWriter {
    static final byte SENT = 1;
    static final byte HANDLING = 2;
    static final byte SPOILED = 3;
    static final byte FAULT = 4;
    static final byte MEMBERSHIP = 5;
    static final byte COMMITTED = 6;
    static final byte SHUTDOWN = 7;

    private static final int MAX_TEXT = 1_000;
    static final int MAX_BYTES = 5 * (3 * MAX_TEXT + 2) + 64;

    private final ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);

    /** Returns the bytes, valid until the next call. */
    ByteBuffer write(Event event) {
        out.clear();
        if (event instanceof Event.Sent sent) {
            sent(sent);
        } else if (event instanceof Event.Handling handling) {
            handling(handling);
        } else {
            rare(event);
        }
        return out.flip();
    }

    private void rare(Event event) {
        if (event instanceof Event.Spoiled spoiled) {
            out.put(SPOILED);
            text(spoiled.member());
            text(spoiled.reason()
                    .substring(0, Math.min(MAX_TEXT, spoiled.reason().length())));
        } else if (event instanceof Event.Fault fault) {
            out.put(FAULT).put((byte) fault.edge().ordinal());
            text(fault.kind());
        } else if (event instanceof Event.Membership membership) {
            membership(membership);
        } else if (event instanceof Event.Committed committed) {
            committed(committed);
        } else if (event instanceof Event.Shutdown shutdown) {
            out.put(SHUTDOWN).put((byte) shutdown.edge().ordinal());
            text(shutdown.who());
            out.putLong(shutdown.deadline().toNanos());
        }
    }

    private void sent(Event.Sent sent) {
        out.put(SENT).put((byte) sent.step().ordinal());
        id(sent.id());
        Position position = sent.position();
        present(position);
        if (position != null) {
            out.putInt(position.partition()).putLong(position.offset());
        }
    }

    private void handling(Event.Handling handling) {
        out.put(HANDLING).put((byte) handling.step().ordinal());
        id(handling.id());
        out.putInt(handling.attempt());
        text(handling.member());
        out.putLong(handling.epoch());
    }

    private void membership(Event.Membership membership) {
        out.put(MEMBERSHIP).put((byte) membership.change().ordinal());
        text(membership.member());
        TopicPartition place = membership.place();
        present(place);
        if (place != null) {
            place(place);
        }
    }

    private void committed(Event.Committed committed) {
        out.put(COMMITTED);
        text(committed.group());
        place(committed.place());
        out.putLong(committed.offset());
    }

    private void id(MessageId id) {
        text(id.topic());
        text(id.producer());
        text(id.key());
        out.putLong(id.seq());
    }

    private void place(TopicPartition place) {
        text(place.topic());
        out.putInt(place.partition());
    }

    private void present(@Nullable Object value) {
        out.put((byte) (value == null ? 0 : 1));
    }

    private void text(String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("a ledger takes names up to " + MAX_TEXT + " characters: " + text);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }
}
