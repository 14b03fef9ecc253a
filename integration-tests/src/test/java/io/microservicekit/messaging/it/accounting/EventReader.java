package io.microservicekit.messaging.it.accounting;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns bytes back into events and shares equal texts and ids, since a history holds millions of them. */
final class EventReader {
    private static final Event.SendStep[] SEND_STEPS = Event.SendStep.values();
    private static final Event.HandlerStep[] HANDLER_STEPS = Event.HandlerStep.values();
    private static final Event.Edge[] EDGES = Event.Edge.values();
    private static final Event.Change[] CHANGES = Event.Change.values();

    private final Map<String, String> texts = new HashMap<>();
    private final Map<MessageId, MessageId> ids = new HashMap<>();

    Event read(ByteBuffer in) {
        byte type = in.get();
        return switch (type) {
            case EventWriter.SENT -> new Event.Sent(SEND_STEPS[in.get()], id(in), position(in));
            case EventWriter.HANDLING ->
                new Event.Handling(HANDLER_STEPS[in.get()], id(in), in.getInt(), text(in), in.getLong());
            case EventWriter.SPOILED -> new Event.Spoiled(text(in), text(in));
            case EventWriter.FAULT -> fault(in);
            case EventWriter.MEMBERSHIP -> new Event.Membership(CHANGES[in.get()], text(in), optionalPlace(in));
            case EventWriter.COMMITTED -> new Event.Committed(text(in), place(in), in.getLong());
            case EventWriter.SHUTDOWN -> new Event.Shutdown(EDGES[in.get()], text(in), Duration.ofNanos(in.getLong()));
            default -> throw new IllegalStateException("ledger holds an event of unknown type " + type);
        };
    }

    private Event.Fault fault(ByteBuffer in) {
        Event.Edge edge = EDGES[in.get()];
        return new Event.Fault(text(in), edge);
    }

    private MessageId id(ByteBuffer in) {
        MessageId id = new MessageId(text(in), text(in), text(in), in.getLong());
        MessageId known = ids.putIfAbsent(id, id);
        return known == null ? id : known;
    }

    private static @Nullable Position position(ByteBuffer in) {
        return in.get() == 0 ? null : new Position(in.getInt(), in.getLong());
    }

    private @Nullable TopicPartition optionalPlace(ByteBuffer in) {
        return in.get() == 0 ? null : place(in);
    }

    private TopicPartition place(ByteBuffer in) {
        return new TopicPartition(text(in), in.getInt());
    }

    private String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort()];
        in.get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        String known = texts.putIfAbsent(text, text);
        return known == null ? text : known;
    }
}
