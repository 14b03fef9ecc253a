package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.core.internal.engine.ModelHolding.Phase;
import io.microservicekit.messaging.core.internal.engine.ModelMember.Stage;
import io.microservicekit.messaging.core.internal.engine.ModelStep.Kind;
import java.util.ArrayList;
import java.util.List;

/** Which steps a world may take next. */
final class ModelChoices {
    private final ModelWorld world;
    private final ModelBounds bounds;
    private final List<ModelStep> steps = new ArrayList<>();
    private int number;

    private ModelChoices(ModelWorld world) {
        this.world = world;
        this.bounds = world.bounds;
    }

    /** Whether nothing happens by itself any more. */
    static boolean areOptional(ModelWorld world, List<ModelStep> steps) {
        return steps.stream()
                .noneMatch(step -> step.kind().progress
                        && !(step.kind() == Kind.LOST
                                && world.members[step.member()].holdings.get(step.index()).owned));
    }

    static List<ModelStep> of(ModelWorld world) {
        ModelChoices choices = new ModelChoices(world);
        for (int i = 0; i < ModelWorld.MEMBERS; i++) {
            choices.number = i;
            choices.member(world.members[i]);
        }
        return choices.steps;
    }

    private void may(boolean possible, Kind kind, int index) {
        if (possible && bounds.has(kind)) {
            steps.add(new ModelStep(kind, number, index, 0));
        }
    }

    private void member(ModelMember member) {
        boolean active = member.stage == Stage.OPEN || member.stage == Stage.STOPPING;
        for (int i = 0; i < bounds.partitions() && active; i++) {
            may(
                    world.assigned[i] < bounds.assignments() && world.owner(i) == null && isFree(member, i),
                    Kind.ASSIGN,
                    i);
        }
        for (int i = 0; i < member.holdings.size() && active; i++) {
            holding(member, i);
        }
        for (int i = 0; i < member.holdings.size() && bounds.limits().manual(); i++) {
            userCommits(member, i);
        }
        for (int i = 0; i < member.runs.size(); i++) {
            run(member.runs.get(i), i, active);
        }
        may(member.runs.stream().filter(run -> run.ended).count() > 1, Kind.REPORT_ALL, 0);
        for (int i = 0; i < member.timers.size(); i++) {
            may(true, Kind.TIMER, i);
        }
        for (int i = 0; i < member.letters.size(); i++) {
            may(true, Kind.LETTER_OK, i);
            may(world.letterFails < bounds.letterFails(), Kind.LETTER_FAIL, i);
            may(world.letterFails < bounds.letterFails(), Kind.LETTER_UNKNOWN, i);
            may(world.letterFails < bounds.letterFails(), Kind.LETTER_TOO_LARGE, i);
        }
        life(member);
    }

    /** An adapter reports what it lost before it takes the partition anew. */
    private static boolean isFree(ModelMember member, int partition) {
        return member.holdings.stream()
                .noneMatch(holding -> holding.assignment.partition() == partition && holding.phase != Phase.GONE);
    }

    private void holding(ModelMember member, int i) {
        ModelHolding holding = member.holdings.get(i);
        boolean live = holding.phase == Phase.LIVE;
        boolean fetching = live && !holding.paused && !holding.recycling && member.stage == Stage.OPEN;
        for (int k = 1; k <= bounds.offsets() - holding.next && fetching; k++) {
            steps.add(new ModelStep(Kind.DELIVER, number, i, k));
        }
        may(holding.isHeldByEngine() && holding.owned, Kind.FENCE, i);
        may(holding.isHeldByEngine() && !(holding.owned && bounds.has(Kind.FENCE)), Kind.LOST, i);
        may(live && holding.owned, holding.recycling ? Kind.REVOKE_RECYCLED : Kind.REVOKE, i);
        may(live && holding.owned && i == 0 && canRevokeAll(member), Kind.REVOKE_ALL, i);
        may(holding.phase == Phase.REVOKING, Kind.REVOKE_EXPIRED, i);
        may(holding.phase == Phase.LET_GO, Kind.LET_GO, i);
        may(holding.phase == Phase.LET_GO && holding.owned, Kind.LET_GO_UNCOMMITTED, i);
        may(holding.watched && world.holds < bounds.holds(), Kind.HOLD_DUE, i);
        commits(holding, i);
    }

    /** A user may keep a message as long as it likes, and commit it whatever has become of its assignment. */
    private void userCommits(ModelMember member, int i) {
        ModelHolding holding = member.holdings.get(i);
        boolean live = holding.isHeldByEngine() && (member.stage == Stage.OPEN || member.stage == Stage.STOPPING);
        for (int offset = holding.start; offset < bounds.offsets(); offset++) {
            Kind kind = live && !holding.isDone(offset) ? Kind.USER_COMMIT : Kind.STALE_COMMIT;
            if (holding.isBegun(offset) && bounds.has(kind)) {
                steps.add(new ModelStep(kind, number, i, offset + 1));
            }
        }
    }

    private static boolean canRevokeAll(ModelMember member) {
        return member.holdings.size() > 1
                && member.holdings.stream()
                        .allMatch(other -> other.phase == Phase.LIVE && other.owned && !other.recycling);
    }

    private void commits(ModelHolding holding, int i) {
        if (holding.isHeldByEngine()) {
            may(holding.sent == 0 && holding.told > holding.answered && holding.owned, Kind.COMMIT_SENT, i);
            may(holding.sent != 0 && !holding.applied && holding.owned, Kind.COMMIT_APPLIED, i);
            may(holding.applied, Kind.COMMIT_ANSWERED, i);
            may(holding.sent != 0, Kind.COMMIT_FAILED, i);
        }
    }

    private void run(ModelRun run, int i, boolean ticking) {
        may(!run.started && !run.ended, Kind.START, i);
        may(run.inHandler(), Kind.OK, i);
        may(run.inHandler() && world.fails < bounds.fails(), Kind.FAIL, i);
        may(run.inHandler() && world.fatals < bounds.fatals(), Kind.FATAL, i);
        may(run.ended, Kind.REPORT, i);
        may(ticking && (run.completed > run.ticked || (bounds.partitions() > 1 && run.ticks < 2)), Kind.TICK, i);
    }

    private void life(ModelMember member) {
        boolean fresh = member.stage == Stage.OPEN && member.holdings.isEmpty();
        may(world.crashes < bounds.crashes() && !fresh && member.stage != Stage.CLOSED, Kind.CRASH, 0);
        may(world.pauses < bounds.pauses() && !member.paused && member.stage == Stage.OPEN, Kind.PAUSE, 0);
        may(member.paused, Kind.RESUME, 0);
        may(world.stops < bounds.stops() && member.stage == Stage.OPEN, Kind.STOP, 0);
        may(member.stage == Stage.STOPPING, Kind.STOP_EXPIRED, 0);
        may(member.stage == Stage.DRAINED, Kind.CLOSE, 0);
        may(member.stage == Stage.DRAINED, Kind.CLOSE_UNCOMMITTED, 0);
    }
}
