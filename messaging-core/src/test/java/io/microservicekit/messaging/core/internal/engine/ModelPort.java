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
        require(
                holding.lowestUnfinished() == first,
                "A4: " + first + " starts, but " + holding.lowestUnfinished() + " is next");
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
        member.timers.add(new Ticket(command.token(), command.assignment(), holding.lowestUnfinished()));
    }

    private static void checkHead(ModelHolding holding, ReceivedMessage message, String what) {
        require(
                message.position().offset() == holding.lowestUnfinished(),
                message + " is " + what + ", but " + holding.lowestUnfinished() + " is next");
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
        member.letters.add(new Ticket(command.token(), command.assignment(), holding.lowestUnfinished()));
    }

    @Override
    public void acknowledge(Assignment assignment, long upTo, List<Long> alsoThese) {
        ModelHolding holding = member.live(assignment, "acknowledge");
        require(member.stage == Stage.OPEN || member.stage == Stage.STOPPING, "acknowledge after the end");
        require(!acknowledged.contains(assignment), "acknowledge twice in a turn");
        acknowledged.add(assignment);
        require(upTo > holding.told, "acknowledge does not rise: " + upTo + " after " + holding.told);
        require(
                upTo <= holding.lowestUnfinished(),
                "A6: acknowledged below " + upTo + ", but " + holding.lowestUnfinished() + " is unfinished");
        holding.told = (int) upTo;
    }

    @Override
    public void commitAnswered(long ticket, boolean accepted) {}

    @Override
    public void flush(Assignment assignment, long ticket) {}

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
        require(tag == holding.lowestUnfinished() + 1, "hold: " + tag + " is not the next message");
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
        holding.finish(holding.lowestUnfinished());
    }

    @Override
    public void dropped(Assignment assignment, int messages) {
        ModelHolding holding = member.holding(assignment);
        if (holding == null) {
            throw new ModelViolation("a result is dropped of an unknown assignment");
        }
        boolean over = member.stage == Stage.DRAINED || member.stage == Stage.CLOSED;
        require(over || !holding.isHeldByEngine(), "a result of a live assignment is dropped");
        int lost = holding.lowestUnfinished() - holding.told;
        require(messages == lost, "dropped " + messages + " results, really " + lost);
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
                running += run != null && run.completed < run.size ? 1 : 0;
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
