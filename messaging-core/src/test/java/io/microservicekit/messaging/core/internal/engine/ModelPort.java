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
        require(!member.isWaiting(holding.assignment, first), "a run starts in a lane that waits");
        require(!member.paused, "pause: a run starts while paused");
        require(!holding.isDone(first), "commit: a finished message starts");
        int next = holding.next(first);
        require(next == first, "A4: " + first + " starts, but " + next + " is next");
        int attempts = holding.lane(first).attempts;
        require(command.firstAttempt() == attempts + 1, "attempt " + command.firstAttempt() + " after " + attempts);
        int under = member.runsOf(holding.assignment).stream()
                .mapToInt(ModelRun::left)
                .sum();
        require(
                holding.uncommitted() + under + size <= member.bounds.limits().maxUncommitted(),
                "maxUncommitted leaves no room");
        require(member.runs.size() < member.bounds.limits().runs(), "concurrency is exceeded");
        for (ModelRun other : member.runs) {
            require(
                    other.ended || !isSamePlace(other, holding, first),
                    "a second run beside a running one at " + first);
        }
        List<Integer> offsets = command.messages().stream()
                .map(message -> (int) message.position().offset())
                .toList();
        ModelRun run = new ModelRun(command.run(), holding.assignment, offsets, command.firstAttempt());
        run.started = !member.bounds.has(ModelStep.Kind.START);
        if (run.started) {
            holding.begin(first);
        }
        member.runs.add(run);
    }

    private boolean isSamePlace(ModelRun other, ModelHolding holding, int offset) {
        return other.assignment.partition() == holding.assignment.partition()
                && member.bounds.lane(other.first()) == member.bounds.lane(offset);
    }

    private static ModelLane lane(ModelHolding holding, ReceivedMessage message) {
        return holding.lane((int) message.position().offset());
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
        ModelLane lane = lane(holding, command.message());
        switch (command.kind()) {
            case RETRY -> {
                require(lane.attempts < ModelBounds.ATTEMPTS, "a retry after the last attempt");
                require(command.count() == lane.attempts, "back-off " + command.count() + " after " + lane.attempts);
            }
            case BLOCK -> require(lane.attempts >= ModelBounds.ATTEMPTS, "blocked before the last attempt");
            case DEAD_LETTER -> require(lane.exhausted, "a dead letter is waited for before the last attempt");
        }
        require(!isTooLarge() || lane.form == LetterForm.POINTER, "a dead letter that is too large is not cut");
        int offset = (int) command.message().position().offset();
        member.timers.add(new Ticket(command.token(), command.assignment(), offset));
    }

    private static void checkHead(ModelHolding holding, ReceivedMessage message, String what) {
        int offset = (int) message.position().offset();
        int next = holding.next(offset);
        require(offset == next, "A4: " + message + " is " + what + ", but " + next + " is next");
        require(!holding.isDone(offset), "commit: a finished message is " + what);
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
        ModelLane lane = lane(holding, command.message());
        int attempt = command.message().attempt();
        require(lane.attempts >= ModelBounds.ATTEMPTS, "a dead letter is published after attempt " + lane.attempts);
        require(attempt == lane.attempts, "a dead letter tells attempt " + attempt);
        require(lane.exhausted, "a dead letter is published, but not announced");
        require(lane.held != 0, "hold: a message waiting for its dead letter is not held");
        require(holding.mayStart() && member.stage == Stage.OPEN, "a dead letter is begun in a lane that leaves");
        LetterForm due = isTooLarge() ? lane.form.smaller(true) : lane.form;
        require(command.form() == due, "a dead letter is written as " + command.form() + " after " + lane.form);
        lane.form = command.form();
        int offset = (int) command.message().position().offset();
        member.letters.add(new Ticket(command.token(), command.assignment(), offset));
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
        int offset = (int) tag - 1;
        ModelLane lane = holding.lane(offset);
        if (lane.held != 0) {
            require((lane.behind & 1 << offset) == 0 && tag != lane.held, "hold: " + tag + " is held twice");
            lane.behind |= 1 << offset;
            return;
        }
        require(lane.behind == 0, "hold: " + tag + " is held, but those behind another were not released");
        require(offset == holding.next(offset), "hold: " + tag + " is not the next message");
        lane.held = tag;
    }

    @Override
    public void release(Assignment assignment, long tag) {
        ModelHolding holding = member.live(assignment, "release");
        ModelLane lane = holding.lane((int) tag - 1);
        int bit = 1 << ((int) tag - 1);
        require(lane.held == tag || (lane.behind & bit) != 0, "hold: " + tag + " is released, but is not held");
        lane.behind &= ~bit;
        lane.held = lane.held == tag ? 0 : lane.held;
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
                require(!holding.isHeld() || forced, "hold: a message is still held when its lane is let go");
                require(
                        forced || !holding.known || holding.told == holding.lowestUnfinished(),
                        "A5: a revocation is done, but something finished was not passed on");
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
        ModelLane lane = lane(holding, message);
        require(!lane.exhausted, "exhausted is announced twice");
        require(lane.attempts >= ModelBounds.ATTEMPTS, "exhausted before the last attempt");
        lane.exhausted = true;
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
        require(lane(holding, message).exhausted, "discarded before the last attempt");
        holding.finish((int) message.position().offset());
    }

    @Override
    public void dropped(Assignment assignment, int messages) {
        ModelHolding holding = member.holding(assignment);
        if (holding == null) {
            throw new ModelViolation("a result is dropped of an unknown assignment");
        }
        boolean over = member.stage == Stage.DRAINED || member.stage == Stage.CLOSED;
        require(over || !holding.isHeldByEngine(), "a result of a live assignment is dropped");
        boolean exact = !member.bounds.limits().inAnyOrder();
        int lost = exact ? holding.lowestUnfinished() - holding.told : Integer.bitCount(holding.handled);
        require(exact ? messages == lost : messages <= lost, "dropped " + messages + " results, really " + lost);
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
        long running = 0;
        for (ModelHolding holding : member.holdings) {
            if (holding.isHeldByEngine() && holding.known && !isLost(holding)) {
                require(expired || !member.isBusy(holding.assignment), "drained while something is under way");
                require(
                        holding.told == holding.lowestUnfinished(),
                        "drained, but something finished was not passed on");
                received += holding.accepted - Integer.bitCount(holding.done);
                running += member.runsOf(holding.assignment).stream()
                        .filter(run -> run.left() > 0 && !holding.isDone(run.offset()))
                        .count();
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
