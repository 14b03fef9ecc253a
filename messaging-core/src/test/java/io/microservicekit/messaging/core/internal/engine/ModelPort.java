package io.microservicekit.messaging.core.internal.engine;

import static io.microservicekit.messaging.core.internal.engine.ModelViolation.require;

import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.core.internal.engine.ModelHolding.Phase;
import io.microservicekit.messaging.core.internal.engine.ModelMember.Stage;
import io.microservicekit.messaging.core.internal.engine.ModelMember.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Performs the commands that one event led to in the model world, and checks each against what is true there. */
final class ModelPort implements CommandPort {
    private final ModelMember member;
    private final EngineEvent event;
    private final List<Assignment> acknowledged = new ArrayList<>();

    ModelPort(ModelMember member, EngineEvent event) {
        this.member = member;
        this.event = event;
    }

    @Override
    public void startRun(EngineCommand.StartRun command) {
        require(member.stage == Stage.OPEN, "a run starts after the stop");
        ModelHolding holding = member.live(command.assignment(), "a run starts");
        int first = (int) command.messages().get(0).position().offset();
        int size = command.messages().size();
        require(holding.mayStart(), "a run starts in a lane that leaves");
        require(!member.isWaiting(holding.assignment), "a run starts in a lane that waits");
        require(!member.paused, "pause: a run starts while paused");
        require(!holding.isDone(first), "commit: a finished message starts");
        require(holding.next() == first, "A4: " + first + " starts, but " + holding.next() + " is next");
        require(
                command.firstAttempt() == holding.attempts + 1,
                "attempt " + command.firstAttempt() + " after " + holding.attempts);
        require(
                holding.uncommitted() + size <= member.bounds.limits().maxUncommitted(),
                "maxUncommitted leaves no room");
        require(member.runs.size() < member.bounds.limits().concurrency(), "concurrency is exceeded");
        for (ModelRun other : member.runs) {
            require(
                    other.ended || other.assignment.partition() != holding.assignment.partition(),
                    "a second run beside a running one at " + holding.assignment);
        }
        ModelRun run = new ModelRun(command.run(), holding.assignment, first, size, command.firstAttempt());
        run.started = !member.bounds.has(ModelStep.Kind.START);
        if (run.started) {
            holding.begin(first);
        }
        member.runs.add(run);
    }

    @Override
    public void stopRun(long run) {
        ModelRun stopped =
                member.runs.stream().filter(r -> r.id == run).findFirst().orElse(null);
        if (stopped == null) {
            throw new ModelViolation("run " + run + " is stopped, but is not under way");
        }
        stopped.gateClosed = true;
    }

    @Override
    public void park(EngineCommand.Park command) {
        require(member.stage == Stage.OPEN, "a message is parked after the stop");
        ModelHolding holding = member.live(command.assignment(), "a message is parked");
        checkHead(holding, command.message(), "parked");
        switch (command.kind()) {
            case RETRY -> {
                require(holding.attempts < ModelBounds.ATTEMPTS, "a retry after the last attempt");
                require(
                        command.count() == holding.attempts,
                        "back-off " + command.count() + " after " + holding.attempts);
            }
            case BLOCK -> require(holding.attempts >= ModelBounds.ATTEMPTS, "blocked before the last attempt");
            case DEAD_LETTER -> require(holding.exhausted, "a dead letter is waited for before the last attempt");
        }
        require(!isTooLarge() || holding.form == LetterForm.POINTER, "a dead letter that is too large is not cut");
        member.timers.add(new Ticket(command.token(), command.assignment(), holding.next()));
    }

    private static void checkHead(ModelHolding holding, ReceivedMessage message, String what) {
        require(
                message.position().offset() == holding.next(),
                message + " is " + what + ", but " + holding.next() + " is next");
        require(!holding.isDone(holding.next()), "commit: a finished message is " + what);
    }

    private boolean isTooLarge() {
        return event instanceof EngineEvent.DeadLetterSettled letter && letter.error() == ModelMoves.TOO_LARGE;
    }

    @Override
    public void cancelTimer(long token) {
        require(member.timers.removeIf(timer -> timer.token() == token), "timers: one is cancelled that is not set");
    }

    @Override
    public void publishDeadLetter(EngineCommand.PublishDeadLetter command) {
        ModelHolding holding = member.live(command.assignment(), "a dead letter is published");
        checkHead(holding, command.message(), "published as dead letter");
        require(
                holding.attempts >= ModelBounds.ATTEMPTS,
                "a dead letter is published after " + holding.attempts + " attempts");
        require(
                command.message().attempt() == holding.attempts,
                "a dead letter tells attempt " + command.message().attempt());
        require(holding.exhausted, "a dead letter is published, but not announced");
        require(holding.held != 0, "hold: a message waiting for its dead letter is not held");
        require(holding.mayStart() && member.stage == Stage.OPEN, "a dead letter is begun in a lane that leaves");
        LetterForm due = isTooLarge() ? holding.form.smaller(true) : holding.form;
        require(command.form() == due, "a dead letter is written as " + command.form() + " after " + holding.form);
        holding.form = command.form();
        member.letters.add(new Ticket(command.token(), command.assignment(), holding.next()));
    }

    @Override
    public void acknowledge(Assignment assignment, long upTo, List<Long> alsoThese) {
        ModelHolding holding = member.live(assignment, "acknowledge");
        require(member.stage == Stage.OPEN || member.stage == Stage.STOPPING, "acknowledge after the end");
        require(!acknowledged.contains(assignment), "acknowledge twice in a turn");
        acknowledged.add(assignment);
        boolean rises = upTo > holding.told || (!alsoThese.isEmpty() && upTo == holding.told);
        require(rises, "acknowledge does not rise: " + upTo + " after " + holding.told);
        require(
                upTo <= holding.lowestUnfinished(),
                "A6: acknowledged below " + upTo + ", but " + holding.lowestUnfinished() + " is unfinished");
        holding.told = (int) upTo;
        for (long tag : alsoThese) {
            require(tag > upTo && holding.isDone((int) tag - 1), "A6: " + tag + " is acknowledged, but unfinished");
            require((holding.toldAbove & 1 << tag) == 0, "acknowledge: " + tag + " is named twice");
            holding.toldAbove |= 1 << tag;
        }
    }

    @Override
    public void commitAnswered(long ticket, boolean accepted) {
        ModelHolding holding = committing();
        boolean over = member.stage == Stage.DRAINED || member.stage == Stage.CLOSED;
        boolean held = holding != null && holding.isHeldByEngine() && holding.known && !over;
        require(accepted == held, "commit: " + ticket + " is " + (accepted ? "accepted" : "refused"));
        if (holding != null && accepted && holding.lowestUnfinished() >= ticket) {
            require(holding.answered >= ticket, "commit: it returns before the broker took it");
        }
    }

    @Override
    public void flush(Assignment assignment, long ticket) {
        ModelHolding holding = member.live(assignment, "flush");
        require(holding == committing(), "commit: another assignment is flushed");
        require(holding.lowestUnfinished() >= ticket, "commit: it waits for the broker, but a lower one is unfinished");
        require(holding.told >= ticket, "commit: it waits for what the adapter was not told");
    }

    private @Nullable ModelHolding committing() {
        if (!(event instanceof EngineEvent.Commit commit)) {
            throw new ModelViolation("a commit is answered that nobody made");
        }
        var position = commit.message().position();
        return member.holding(new Assignment(position.topic(), position.partition(), position.epoch()));
    }

    @Override
    public void pauseIntake(Assignment assignment) {
        ModelHolding holding = member.live(assignment, "pause");
        require(!holding.paused, "intake is paused twice");
        holding.paused = true;
    }

    @Override
    public void resumeIntake(Assignment assignment) {
        ModelHolding holding = member.live(assignment, "resume");
        require(holding.paused, "intake is resumed, but was not paused");
        holding.paused = false;
    }

    @Override
    public void hold(Assignment assignment, long tag) {
        ModelHolding holding = member.live(assignment, "hold");
        require(holding.held == 0, "hold: " + tag + " is held, but " + holding.held + " was not released");
        require(tag == holding.next() + 1, "hold: " + tag + " is not the next message");
        holding.held = tag;
    }

    @Override
    public void release(Assignment assignment, long tag) {
        ModelHolding holding = member.live(assignment, "release");
        require(holding.held == tag, "hold: " + tag + " is released, but " + holding.held + " is held");
        holding.held = 0;
    }

    @Override
    public void watchHold(Assignment assignment, long atNanos) {
        ModelHolding holding = member.live(assignment, "watch");
        require(!holding.watched, "hold watch: set twice");
        holding.watched = true;
    }

    @Override
    public void unwatchHold(Assignment assignment) {
        ModelHolding holding = member.live(assignment, "unwatch");
        require(holding.watched, "hold watch: cancelled, but not set");
        holding.watched = false;
    }

    @Override
    public void recycle(Assignment assignment) {
        ModelHolding holding = member.live(assignment, "recycle");
        require(!holding.recycling, "recycled twice");
        holding.recycling = true;
    }

    @Override
    public void revocationDone(long revocation) {
        require(member.revocations.remove(revocation), "a revocation is done that is not awaited");
        if (member.stage == Stage.DRAINED || member.stage == Stage.CLOSED) {
            return; // the shell has let go already when it drained
        }
        for (ModelHolding holding : member.holdings) {
            if (holding.revocation == revocation && holding.phase == Phase.REVOKING) {
                boolean forced = event instanceof EngineEvent.RevokeExpired || isLost(holding);
                require(
                        forced || !holding.known || !member.isBusy(holding.assignment),
                        "a revocation is done too early");
                require(holding.held == 0 || forced, "hold: a message is still held when its lane is let go");
                holding.phase = Phase.LET_GO;
                holding.watched = false;
            }
        }
    }

    private boolean isLost(ModelHolding holding) {
        return event instanceof EngineEvent.Lost lost && lost.assignments().contains(holding.assignment);
    }

    @Override
    public void exhausted(ReceivedMessage message, Throwable cause) {
        ModelHolding holding = holdingOf(message);
        checkHead(holding, message, "exhausted");
        require(!holding.exhausted, "exhausted is announced twice");
        require(holding.attempts >= ModelBounds.ATTEMPTS, "exhausted before the last attempt");
        holding.exhausted = true;
    }

    private ModelHolding holdingOf(ReceivedMessage message) {
        var position = message.position();
        return member.live(new Assignment(position.topic(), position.partition(), position.epoch()), "exhausted");
    }

    @Override
    public void discarded(ReceivedMessage message, Throwable cause) {
        ModelHolding holding = holdingOf(message);
        require(
                member.bounds.limits().exhausted() == ExhaustedPolicy.DISCARD
                        && !member.bounds.limits().deadLetters(),
                "discarded, but not configured");
        checkHead(holding, message, "discarded");
        require(holding.exhausted, "discarded before the last attempt");
        holding.finish(holding.next());
    }

    @Override
    public void dropped(Assignment assignment, int messages) {
        ModelHolding holding = member.holding(assignment);
        if (holding == null) {
            throw new ModelViolation("a result is dropped of an unknown assignment");
        }
        boolean over = member.stage == Stage.DRAINED || member.stage == Stage.CLOSED;
        require(over || !holding.isHeldByEngine(), "a result of a live assignment is dropped");
        int lost = holding.manual ? Integer.bitCount(holding.handled) : holding.lowestUnfinished() - holding.told;
        require(
                holding.manual ? messages <= lost : messages == lost,
                "dropped " + messages + " results, really " + lost);
    }

    @Override
    public void failed(Throwable cause) {
        if (member.stage == Stage.OPEN) {
            member.stage = Stage.STOPPING;
        }
    }

    @Override
    public void drained() {
        require(member.stage == Stage.STOPPING, "drained, but the member is " + member.stage);
        boolean expired = event instanceof EngineEvent.StopExpired;
        require(expired || member.runs.isEmpty(), "drained while a handler runs");
        int received = 0;
        int running = 0;
        for (ModelHolding holding : member.holdings) {
            if (holding.isHeldByEngine() && holding.known && !isLost(holding)) {
                require(expired || !member.isBusy(holding.assignment), "drained while something is under way");
                require(
                        holding.told == holding.lowestUnfinished(),
                        "drained, but something finished was not passed on");
                received += holding.accepted - Integer.bitCount(holding.done);
                ModelRun run = member.runOf(holding.assignment);
                running += run != null && run.completed < run.size && !holding.isDone(run.offset()) ? 1 : 0;
            }
        }
        EngineState engine = member.engine();
        require(engine.abandoned().size() == running, "abandoned " + engine.abandoned() + ", but " + running + " run");
        require(
                engine.returnedCount() + engine.abandoned().size() == received,
                "returned " + engine.returnedCount() + " and abandoned "
                        + engine.abandoned().size() + " of " + received);
        member.stage = Stage.DRAINED;
    }
}
