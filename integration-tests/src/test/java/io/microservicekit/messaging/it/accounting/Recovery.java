package io.microservicekit.messaging.it.accounting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How work went on after a fault was healed, up to the next fault.
 *
 * @param kind the fault
 * @param toCompletion from the heal, or from the first backlog after it, to the first completion; null if none came
 * @param toAck from the first send after the heal to the first acknowledged send; null if none came
 * @param completionDue whether there was a backlog to complete
 * @param ackDue whether something was sent
 * @param observed how long the time after the heal lasted
 */
record Recovery(
        String kind,
        @Nullable Duration toCompletion,
        @Nullable Duration toAck,
        boolean completionDue,
        boolean ackDue,
        Duration observed) {

    static List<Recovery> in(Facts facts) {
        List<Recovery> recoveries = new ArrayList<>();
        Backlog backlog = new Backlog(facts);
        Watch watch = null;
        int faults = 0;
        for (int i = 0; i < facts.entries().size(); i++) {
            Entry entry = facts.entries().get(i);
            Backlog.Move move = backlog.see(entry.event(), i);
            if (watch != null) {
                watch.see(entry, move);
            }
            if (entry.event() instanceof Event.Fault fault) {
                faults += fault.edge() == Event.Edge.BEGIN ? 1 : -1;
                finish(watch, recoveries);
                watch = faults == 0 ? new Watch(fault.kind(), entry.micros(), !backlog.isEmpty()) : null;
            }
        }
        finish(watch, recoveries);
        return recoveries;
    }

    private static void finish(@Nullable Watch watch, List<Recovery> into) {
        if (watch != null) {
            into.add(watch.recovery());
        }
    }

    private static final class Watch {
        private static final long NONE = Long.MIN_VALUE;
        private final String kind;
        private final long heal;
        private long backlogSince;
        private long sendSince = NONE;
        private long completion = NONE;
        private long ack = NONE;
        private long last;

        Watch(String kind, long heal, boolean backlog) {
            this.kind = kind;
            this.heal = heal;
            this.last = heal;
            this.backlogSince = backlog ? heal : NONE;
        }

        void see(Entry entry, Backlog.Move move) {
            last = entry.micros();
            if (move == Backlog.Move.GROWS && backlogSince == NONE) {
                backlogSince = last;
            }
            if (entry.event() instanceof Event.Sent sent) {
                sendSince = sendSince == NONE && sent.step() == Event.SendStep.INTENT ? last : sendSince;
                ack = ack == NONE && sent.step() == Event.SendStep.ACK ? last : ack;
            } else if (entry.event() instanceof Event.Handling handling && completes(handling) && completion == NONE) {
                completion = last;
            }
        }

        private static boolean completes(Event.Handling handling) {
            return handling.step() == Event.HandlerStep.OK || handling.step() == Event.HandlerStep.DLQ_OK;
        }

        Recovery recovery() {
            return new Recovery(
                    kind,
                    between(backlogSince, completion),
                    between(sendSince, ack),
                    backlogSince != NONE,
                    sendSince != NONE,
                    micros(last - heal));
        }

        private @Nullable Duration between(long from, long to) {
            return to == NONE ? null : micros(Math.max(0, to - Math.max(from, heal)));
        }

        private static Duration micros(long micros) {
            return Duration.ofNanos(micros * 1_000);
        }
    }
}
