package io.microservicekit.messaging.core.internal.engine;

import static io.microservicekit.messaging.core.internal.engine.ModelViolation.require;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.core.internal.engine.ModelHolding.Phase;
import io.microservicekit.messaging.core.internal.engine.ModelMember.Stage;
import io.microservicekit.messaging.core.internal.engine.ModelMember.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes one step in a world; what happened besides is noted in {@code marks}. */
@SuppressWarnings("StaticAssignmentOfThrowable") // identities only, their traces are of no interest
final class ModelMoves {
    private static final Exception NO_STOCK = new IllegalStateException("no stock");
    static final Exception TOO_LARGE =
            new SendException(ErrorCode.MESSAGE_TOO_LARGE, SendOutcome.NOT_DELIVERED, "too large", null);
    private static final Error BROKEN = new LinkageError("broken");
    private static final Message ORDER = Message.builder("t").value(new byte[0]).build();

    private final ModelWorld world;
    private final ModelMember member;
    private final ModelStep step;
    private final List<String> marks = new ArrayList<>();

    private ModelMoves(ModelWorld world, ModelStep step) {
        this.world = world;
        this.member = world.members[step.member()];
        this.step = step;
    }

    /** Takes the step in a world that is nobody else's, checks what then must hold, and returns what happened. */
    static List<String> take(ModelWorld world, ModelStep step) {
        ModelMoves moves = new ModelMoves(world, step);
        moves.marks.add(step.kind().name());
        moves.take();
        world.members[step.member()].forgetGone();
        return moves.marks;
    }

    private void take() {
        switch (step.kind()) {
            case ASSIGN -> assign();
            case DELIVER -> deliver(holding());
            case START, OK, FAIL, FATAL -> handler(run());
            case REPORT -> report(run());
            case REPORT_ALL -> reportAll();
            case TICK -> tick(run());
            case TIMER -> timer(member.timers.remove(step.index()));
            case USER_COMMIT, STALE_COMMIT -> userCommit(holding(), step.amount() - 1);
            case PAUSE, RESUME -> pause(step.kind() == ModelStep.Kind.PAUSE);
            case LETTER_OK, LETTER_FAIL, LETTER_UNKNOWN, LETTER_TOO_LARGE ->
                letter(member.letters.remove(step.index()));
            case COMMIT_SENT, COMMIT_APPLIED, COMMIT_ANSWERED, COMMIT_FAILED -> commit(holding());
            case HOLD_DUE -> holdDue(holding());
            case REVOKE, REVOKE_ALL, REVOKE_RECYCLED, REVOKE_EXPIRED, LET_GO, LET_GO_UNCOMMITTED -> revoke(holding());
            case FENCE -> holding().owned = false;
            case LOST -> lost(holding());
            case CRASH -> crash();
            case STOP -> stop();
            case STOP_EXPIRED -> stopExpired();
            case CLOSE, CLOSE_UNCOMMITTED -> close();
        }
    }

    private ModelHolding holding() {
        return member.holdings.get(step.index());
    }

    private ModelRun run() {
        return member.runs.get(step.index());
    }

    private void assign() {
        int partition = step.index();
        Assignment assignment = new Assignment("t", partition, ++world.assigned[partition]);
        boolean known = member.stage == Stage.OPEN;
        List<ReceivedMessage> messages = new ArrayList<>();
        for (int offset = 0; offset < world.bounds.offsets(); offset++) {
            messages.add(message(assignment, offset, world.bounds.key(offset)));
        }
        member.holdings.add(new ModelHolding(assignment, messages, world.committed[partition], known, world.bounds));
        member.send(new EngineEvent.Assigned(List.of(assignment)));
    }

    private void deliver(ModelHolding holding) {
        List<ReceivedMessage> messages = new ArrayList<>();
        for (int i = 0; i < step.amount(); i++) {
            messages.add(holding.messages.get(holding.next++));
        }
        holding.accepted += holding.known ? step.amount() : 0;
        member.send(new EngineEvent.Delivered(holding.assignment, messages, 0));
    }

    private static ReceivedMessage message(Assignment assignment, int offset, byte @Nullable [] key) {
        MessagePosition position =
                new MessagePosition("t", assignment.partition(), offset, assignment.epoch(), offset + 1L);
        return ReceivedMessage.of(
                key == null ? ORDER : ORDER.toBuilder().key(key).build(), position, "g");
    }

    private void handler(ModelRun run) {
        switch (step.kind()) {
            case START -> {
                run.started = true;
                next(run);
            }
            case OK -> {
                holdingOf(run.assignment).handle(run.offset());
                run.completed++;
                next(run);
            }
            case FAIL -> {
                world.fails++;
                holdingOf(run.assignment).lane(run.offset()).attempts++;
                Verdict verdict = run.attempt() < ModelBounds.ATTEMPTS ? Verdict.RETRY : Verdict.EXHAUSTED;
                end(run, new Failure(verdict, NO_STOCK));
            }
            default -> {
                world.fatals++;
                end(run, new Failure(Verdict.FATAL, BROKEN));
            }
        }
    }

    private static void end(ModelRun run, Failure failure) {
        run.failure = failure;
        run.ended = true;
    }

    /** The handler thread reads the gate and begins the next message, or ends. */
    private void next(ModelRun run) {
        run.ended = run.gateClosed || run.completed == run.size;
        if (run.ended) {
            return;
        }
        ModelHolding holding = holdingOf(run.assignment);
        require(member.stage == Stage.OPEN, "gate: a message starts after the stop");
        require(holding.mayStart(), "gate: a message starts in a lane that leaves");
        require(!member.paused, "pause: a message starts while paused");
        require(holding.next(run.offset()) == run.offset(), "A4: a message starts out of order");
        holding.begin(run.offset());
        for (ModelRun other : member.runs) {
            boolean samePlace = other.assignment.partition() == run.assignment.partition()
                    && world.bounds.lane(other.first()) == world.bounds.lane(run.first());
            require(other == run || !samePlace || !other.inHandler(), "two handlers at once in a lane");
        }
    }

    private ModelHolding holdingOf(Assignment assignment) {
        ModelHolding holding = member.holding(assignment);
        if (holding == null) {
            throw new ModelViolation("the model has forgotten " + assignment);
        }
        return holding;
    }

    private void report(ModelRun run) {
        member.send(collected(run));
    }

    /** As the shell does with what has ended while it was busy. */
    private void reportAll() {
        List<EngineEvent.RunFinished> ended = new ArrayList<>();
        for (ModelRun run : List.copyOf(member.runs)) {
            if (run.ended) {
                ended.add(collected(run));
            }
        }
        member.send(new EngineEvent.RunsFinished(ended));
    }

    private EngineEvent.RunFinished collected(ModelRun run) {
        member.runs.remove(run);
        boolean late = !holdingOf(run.assignment).isHeldByEngine();
        marks.add(late ? "LATE_REPORT" : "REPORT_IN_TIME");
        passIfCommitted(run, late);
        return new EngineEvent.RunFinished(run.id, run.completed, run.failure);
    }

    /** A commit that came before the exception wins. */
    private void passIfCommitted(ModelRun run, boolean late) {
        ModelHolding holding = holdingOf(run.assignment);
        boolean failed = run.failure != null && run.failure.verdict() != Verdict.FATAL;
        boolean over = member.stage == Stage.DRAINED || member.stage == Stage.CLOSED;
        if (holding.manual && failed && !late && !over && holding.isDone(run.offset())) {
            marks.add("COMMITTED_BEFORE_EXCEPTION");
            holding.handle(run.offset());
        }
    }

    private void userCommit(ModelHolding holding, int offset) {
        marks.add(holding.isHeldByEngine() ? "COMMIT_IN_TIME" : "COMMIT_OF_OLD_EPOCH");
        boolean live = step.kind() == ModelStep.Kind.USER_COMMIT;
        String before = member.engine().dump();
        if (live) {
            holding.commit(offset);
            boolean waits = !member.isBusy(holding.assignment, offset);
            if (waits && holding.next(offset) == offset) {
                holding.handle(offset);
            }
        }
        member.send(new EngineEvent.Commit(offset + 1, holding.messages.get(offset)));
        require(live || before.equals(member.engine().dump()), "commit: one that has no effect changes something");
    }

    private void pause(boolean wanted) {
        world.pauses += wanted ? 1 : 0;
        member.paused = wanted;
        member.send(wanted ? new EngineEvent.Pause() : new EngineEvent.Resume());
        for (ModelHolding holding : member.holdings) {
            boolean fetching = holding.known && holding.mayStart() && member.stage == Stage.OPEN && !holding.paused;
            require(!wanted || !fetching, "pause: the intake goes on");
        }
    }

    private void tick(ModelRun run) {
        run.ticked = run.completed;
        run.ticks = Math.min(2, run.ticks + 1);
        member.send(new EngineEvent.Progressed(run.id, run.completed));
    }

    private void timer(Ticket timer) {
        member.send(new EngineEvent.TimerDue(timer.assignment(), timer.token()));
        boolean reacted = member.isBusy(timer.assignment())
                || holdingOf(timer.assignment()).lane(timer.offset()).held == 0;
        require(reacted, "timers: one that is due changes nothing");
    }

    private void letter(Ticket letter) {
        ModelHolding holding = holdingOf(letter.assignment());
        boolean late = !holding.isHeldByEngine() || member.stage == Stage.DRAINED || member.stage == Stage.CLOSED;
        marks.add(late ? "LATE_LETTER" : "LETTER_IN_TIME");
        boolean committed = holding.manual && holding.isDone(letter.offset()) && !late;
        boolean confirmed = step.kind() == ModelStep.Kind.LETTER_OK;
        if (confirmed) {
            holding.finish(letter.offset());
        } else {
            world.letterFails++;
        }
        if (committed) {
            holding.handle(letter.offset());
        }
        boolean tooLarge = step.kind() == ModelStep.Kind.LETTER_TOO_LARGE;
        Throwable error = confirmed ? null : tooLarge ? TOO_LARGE : NO_STOCK;
        member.send(new EngineEvent.DeadLetterSettled(letter.assignment(), letter.token(), error));
    }

    private void commit(ModelHolding holding) {
        switch (step.kind()) {
            case COMMIT_SENT -> {
                holding.sent = holding.told;
                if (!world.bounds.has(ModelStep.Kind.COMMIT_APPLIED)) {
                    apply(holding);
                }
            }
            case COMMIT_APPLIED -> apply(holding);
            case COMMIT_ANSWERED -> {
                holding.answered = holding.sent;
                endCommit(holding);
                member.send(new EngineEvent.Acknowledged(holding.assignment, holding.answered));
            }
            default -> endCommit(holding);
        }
    }

    private void apply(ModelHolding holding) {
        world.commit(holding, holding.sent);
        holding.applied = true;
    }

    private static void endCommit(ModelHolding holding) {
        holding.sent = 0;
        holding.applied = false;
    }

    private void holdDue(ModelHolding holding) {
        world.holds++;
        holding.watched = false;
        member.send(new EngineEvent.HoldDue(holding.assignment, Long.MAX_VALUE));
    }

    private void revoke(ModelHolding holding) {
        switch (step.kind()) {
            case REVOKE, REVOKE_RECYCLED -> revoke(List.of(holding));
            case REVOKE_ALL -> revoke(List.copyOf(member.holdings));
            case REVOKE_EXPIRED -> {
                marks.add(member.isDeadLettering(holding.assignment) ? "EXPIRED_DEAD_LETTERING" : "EXPIRED_RUNNING");
                tickAll();
                member.send(new EngineEvent.RevokeExpired(holding.revocation));
                require(holding.phase == Phase.LET_GO, "an expired revocation is not let go");
            }
            case LET_GO -> {
                if (holding.owned) {
                    world.commit(holding, holding.told);
                }
                member.gone(holding);
            }
            default -> member.gone(holding);
        }
    }

    private void revoke(List<ModelHolding> holdings) {
        long revocation = ++member.lastRevocation;
        member.revocations.add(revocation);
        List<Assignment> assignments = new ArrayList<>();
        for (ModelHolding holding : holdings) {
            holding.revocation = revocation;
            holding.phase = Phase.REVOKING;
            assignments.add(holding.assignment);
        }
        member.send(new EngineEvent.Revoking(revocation, assignments));
    }

    /** As the shell does before each limit: the engine learns how far all runs are. */
    private void tickAll() {
        for (ModelRun run : List.copyOf(member.runs)) {
            tick(run);
        }
    }

    private void lost(ModelHolding holding) {
        marks.add(member.isBusy(holding.assignment) ? "LOST_BUSY" : "LOST_IDLE");
        long revocation = holding.revocation;
        holding.owned = false;
        member.send(new EngineEvent.Lost(List.of(holding.assignment)));
        boolean last = member.holdings.stream()
                .noneMatch(other -> other != holding && other.revocation == revocation && other.isHeldByEngine());
        require(revocation == 0 || !last || !member.revocations.contains(revocation), "a lost revocation is not done");
        member.gone(holding);
    }

    private void crash() {
        world.crashes++;
        marks.add(member.runs.isEmpty() ? "CRASH_IDLE" : "CRASH_RUNNING");
        world.members[step.member()] = new ModelMember(world.bounds);
    }

    private void stop() {
        world.stops++;
        member.stage = Stage.STOPPING;
        member.send(new EngineEvent.Stop());
    }

    private void stopExpired() {
        marks.add(member.runs.isEmpty() ? "STOP_EXPIRED_IDLE" : "STOP_EXPIRED_RUNNING");
        tickAll();
        if (member.stage == Stage.STOPPING) {
            member.send(new EngineEvent.StopExpired());
        }
        require(member.stage == Stage.DRAINED, "an expired stop does not drain");
    }

    private void close() {
        for (ModelHolding holding : member.holdings) {
            if (step.kind() == ModelStep.Kind.CLOSE && holding.owned) {
                world.commit(holding, holding.told);
            }
            member.gone(holding);
        }
        member.stage = Stage.CLOSED;
    }
}
