package io.microservicekit.messaging.core.internal.engine;

import static io.microservicekit.messaging.core.internal.engine.ModelViolation.require;

import io.microservicekit.messaging.core.internal.engine.ModelHolding.Phase;
import io.microservicekit.messaging.core.internal.engine.ModelMember.Stage;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A tiny broker and the two members of its one consumer group. */
final class ModelWorld {
    static final int MEMBERS = 2;

    final ModelBounds bounds;
    final int[] committed;
    final int[] assigned;
    final ModelMember[] members = new ModelMember[MEMBERS];

    /** Used budgets. */
    int crashes;

    int stops;
    int fails;
    int fatals;
    int letterFails;
    int holds;
    int pauses;

    ModelWorld(ModelBounds bounds) {
        this(bounds, new int[bounds.partitions()], new int[bounds.partitions()]);
        Arrays.setAll(members, i -> new ModelMember(bounds));
    }

    private ModelWorld(ModelBounds bounds, int[] committed, int[] assigned) {
        this.bounds = bounds;
        this.committed = committed;
        this.assigned = assigned;
    }

    /** A world of its own, but for the members that the coming step does not concern. */
    ModelWorld copy(int concerned) {
        ModelWorld copy = new ModelWorld(bounds, committed.clone(), assigned.clone());
        for (int i = 0; i < MEMBERS; i++) {
            copy.members[i] = i == concerned ? members[i].copy() : members[i];
        }
        copy.crashes = crashes;
        copy.stops = stops;
        copy.fails = fails;
        copy.fatals = fatals;
        copy.letterFails = letterFails;
        copy.holds = holds;
        copy.pauses = pauses;
        return copy;
    }

    /** The owner's holding of a partition as the broker sees it, or null. */
    @Nullable ModelHolding owner(int partition) {
        for (ModelMember member : members) {
            for (ModelHolding holding : member.holdings) {
                if (holding.owned && holding.assignment.partition() == partition) {
                    return holding;
                }
            }
        }
        return null;
    }

    void commit(ModelHolding holding, int position) {
        int partition = holding.assignment.partition();
        require(holding.owned, "the broker takes a commit of a stale owner");
        require(position >= committed[partition], "A6: the committed position goes back");
        require(position <= holding.lowestUnfinished(), "A1: a message below the committed position is lost");
        committed[partition] = position;
    }

    /** What holds when nothing more happens by itself. */
    void verifyQuiet() {
        for (ModelMember member : members) {
            require(member.stage == Stage.OPEN || member.stage == Stage.CLOSED, "deadlock: a stop never ends");
            for (ModelHolding holding : member.holdings) {
                require(holding.phase == Phase.LIVE, "deadlock: " + holding.assignment + " is never let go");
                int partition = holding.assignment.partition();
                require(holding.isAllHandled(), "deadlock: an assigned message never runs");
                require(committed[partition] == bounds.offsets(), "A7: a finished message is never committed");
                require(!holding.paused, "deadlock: the intake stays paused");
                require(!holding.isHeld(), "hold: a finished message is still held");
                require(!holding.watched, "hold watch: one is left without a message");
            }
        }
    }

    /** Whether the last message of each partition was finished by a live owner. */
    boolean isComplete() {
        for (int partition = 0; partition < bounds.partitions(); partition++) {
            if (committed[partition] < bounds.offsets()) {
                return false;
            }
        }
        return true;
    }

    /** Canonical: members in the order of their dumps, so that two worlds that differ only by who is who are one. */
    String dump() {
        StringBuilder text = new StringBuilder(1000);
        for (int i = 0; i < bounds.partitions(); i++) {
            text.append("partition ").append(i).append(" committed=").append(committed[i]);
            text.append(" assigned=").append(assigned[i]).append('\n');
        }
        text.append("used ").append(crashes).append(stops).append(fails).append(fatals);
        text.append(letterFails).append(holds).append(pauses).append('\n');
        String first = members[0].dump();
        String second = members[1].dump();
        boolean inOrder = first.compareTo(second) <= 0;
        return text.append(inOrder ? first : second)
                .append('\n')
                .append(inOrder ? second : first)
                .toString();
    }
}
