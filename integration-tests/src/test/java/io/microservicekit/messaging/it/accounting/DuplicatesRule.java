package io.microservicekit.messaging.it.accounting;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A5: each duplicate is charged to a disruption that can explain it: begun before the duplicate was seen, and not over
 * (plus the settling time) when the message was finished first. The oldest such disruption with room pays. A send of
 * the same message that ended unknown pays first.
 */
final class DuplicatesRule {
    private static final class Payer {
        private final String kind;
        private final long begin;
        private long end = Long.MAX_VALUE;
        private int room;

        Payer(String kind, long begin, int room) {
            this.kind = kind;
            this.begin = begin;
            this.room = room;
        }

        boolean explains(Duplicate duplicate) {
            return begin <= duplicate.seen() && end >= duplicate.finished();
        }
    }

    private final Expectations expected;
    private final List<Payer> payers = new ArrayList<>();
    private final Map<MessageId, Integer> unknowns = new HashMap<>();

    private DuplicatesRule(Expectations expected) {
        this.expected = expected;
    }

    static void check(Facts facts, Verdict verdict) {
        DuplicatesRule rule = new DuplicatesRule(facts.expected());
        facts.entries().forEach(rule::see);
        List<Duplicate> unpaid = new ArrayList<>();
        List<Duplicate> all = Duplicate.in(facts);
        for (Duplicate duplicate : all) {
            if (!rule.paidByUnknown(duplicate) && !rule.paid(duplicate)) {
                unpaid.add(duplicate);
            }
        }
        verdict.addAll(
                Rule.A5_DUPLICATES,
                "of " + all.size() + " duplicates are beyond what " + rule.payers.size() + " disruptions allow",
                unpaid);
    }

    private void see(Entry entry) {
        if (entry.event() instanceof Event.Fault fault) {
            if (fault.edge() == Event.Edge.BEGIN) {
                open(fault.kind(), entry.micros());
            } else {
                end(fault.kind(), entry.micros());
            }
        } else if (entry.event() instanceof Event.Membership change && change.change() != Event.Change.ASSIGN) {
            Payer payer = open(change.change().name(), entry.micros());
            if (payer != null) {
                payer.end = settled(entry.micros());
            }
        }
    }

    private @Nullable Payer open(String kind, long micros) {
        Integer bound = expected.duplicates().get(kind);
        if (bound == null) {
            return null;
        }
        Payer payer = new Payer(kind, micros, bound);
        payers.add(payer);
        return payer;
    }

    private void end(String kind, long micros) {
        for (Payer payer : payers) {
            if (payer.kind.equals(kind) && payer.end == Long.MAX_VALUE) {
                payer.end = settled(micros);
                return;
            }
        }
    }

    private long settled(long micros) {
        return micros + expected.settle().toNanos() / 1_000;
    }

    private boolean paidByUnknown(Duplicate duplicate) {
        MessageFacts message = duplicate.message();
        int used = unknowns.merge(message.id(), 1, Integer::sum);
        return used <= message.unknowns();
    }

    private boolean paid(Duplicate duplicate) {
        for (Payer payer : payers) {
            if (payer.room > 0 && payer.explains(duplicate)) {
                payer.room--;
                return true;
            }
        }
        return false;
    }
}
