package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Since when and until when the heads of lanes wait, which the state machine does not know: it has no clock. What is kept of a lane means something
 * only while the lane is in that phase, and gives way to the next wait at the same place. Confined to the loop.
 */
final class Stalls {
    private final Map<Place, Stall> stalls = new LinkedHashMap<>();

    private record Place(String topic, int partition) {}

    /**
     * A wait of a head.
     *
     * @param tag the message
     * @param sinceNanos since when it has been waiting in this way, over all tries
     * @param dueNanos when it is tried again
     * @param cause text on the last failure, empty when a dead letter is written for the first time
     */
    record Stall(Assignment lane, long tag, ParkKind kind, long sinceNanos, long dueNanos, String cause) {}

    void parked(EngineCommand.Park command, long now, long dueNanos) {
        Stall before = same(command.assignment(), command.message(), command.kind());
        long since = before == null ? now : before.sinceNanos();
        long tag = command.message().position().tag();
        String cause = ReasonText.of(command.cause());
        put(new Stall(command.assignment(), tag, command.kind(), since, dueNanos, cause));
    }

    /** A dead letter is being written; that it could not be before is kept in mind. */
    void publishing(EngineCommand.PublishDeadLetter command, long now) {
        if (same(command.assignment(), command.message(), ParkKind.DEAD_LETTER) == null) {
            long tag = command.message().position().tag();
            put(new Stall(command.assignment(), tag, ParkKind.DEAD_LETTER, now, now, ""));
        }
    }

    private @Nullable Stall same(Assignment lane, ReceivedMessage head, ParkKind kind) {
        Stall before = of(lane);
        return before != null && before.tag() == head.position().tag() && before.kind() == kind ? before : null;
    }

    private void put(Stall stall) {
        stalls.put(new Place(stall.lane().topic(), stall.lane().partition()), stall);
    }

    /** The newest wait of a lane, null when there was none. */
    @Nullable Stall of(Assignment lane) {
        Stall stall = stalls.get(new Place(lane.topic(), lane.partition()));
        return stall != null && stall.lane().equals(lane) ? stall : null;
    }
}
