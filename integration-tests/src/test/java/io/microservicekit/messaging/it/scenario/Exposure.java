package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.it.accounting.Entry;
import io.microservicekit.messaging.it.accounting.Event;
import io.microservicekit.messaging.it.accounting.Event.HandlerStep;
import io.microservicekit.messaging.it.accounting.Event.SendStep;
import io.microservicekit.messaging.it.accounting.History;
import io.microservicekit.messaging.it.accounting.MessageId;
import io.microservicekit.messaging.it.accounting.Position;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a killed process had begun and the broker does not know.
 *
 * @param uncommitted by partition, messages that it handled at or beyond the committed offset
 * @param running by partition, messages whose handler was running
 */
public record Exposure(SortedMap<Integer, Long> uncommitted, SortedMap<Integer, Long> running) {

    /** Compares a process' ledger with the offsets read from the broker after its death. */
    public static Exposure of(History history, String process, Map<Integer, Long> committed) {
        Map<MessageId, Position> positions = new HashMap<>();
        Set<MessageId> started = new LinkedHashSet<>();
        Set<MessageId> handled = new LinkedHashSet<>();
        for (Entry entry : history.entries()) {
            if (entry.event() instanceof Event.Sent sent && sent.step() == SendStep.ACK) {
                positions.put(sent.id(), sent.position());
            } else if (entry.event() instanceof Event.Handling step
                    && entry.processName().equals(process)) {
                (step.step() == HandlerStep.START ? started : handled).add(step.id());
            }
        }
        started.removeAll(handled);
        return new Exposure(count(handled, positions, committed), count(started, positions, committed));
    }

    private static SortedMap<Integer, Long> count(
            Set<MessageId> ids, Map<MessageId, Position> positions, Map<Integer, Long> committed) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (MessageId id : ids) {
            Position position = positions.get(id);
            if (position == null) {
                throw new AssertionError(id + " was handled and never acknowledged to its sender");
            }
            if (position.offset() >= committed.getOrDefault(position.partition(), 0L)) {
                counts.merge(position.partition(), 1L, Long::sum);
            }
        }
        return counts;
    }

    /** How many it had handled. */
    public long total() {
        return uncommitted.values().stream().mapToLong(Long::longValue).sum();
    }
}
