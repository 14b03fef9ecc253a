package io.microservicekit.messaging.core.internal.engine;

import static io.microservicekit.messaging.core.internal.engine.ModelViolation.require;

import io.microservicekit.messaging.api.spi.Assignment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member of the group: a real engine, its adapter, its handler threads and timers. Machines are shared by copies until they change. */
final class ModelMember {
    /** As the shell around the engine sees it. */
    enum Stage {
        OPEN,
        STOPPING,
        DRAINED,
        CLOSED
    }

    /** A timer or dead letter under way. */
    record Ticket(long token, Assignment assignment, int offset) {}

    final ModelBounds bounds;
    final List<ModelHolding> holdings = new ArrayList<>();
    final List<ModelRun> runs = new ArrayList<>();
    final List<Ticket> timers = new ArrayList<>();
    final List<Ticket> letters = new ArrayList<>();
    final List<Long> revocations = new ArrayList<>();
    Stage stage = Stage.OPEN;
    boolean paused;
    long lastRevocation;
    private EngineState engine;
    private boolean shared;
    private @Nullable String engineDump;
    private @Nullable String dump;

    ModelMember(ModelBounds bounds) {
        this(bounds, new EngineState(bounds.limits()));
    }

    private ModelMember(ModelBounds bounds, EngineState engine) {
        this.bounds = bounds;
        this.engine = engine;
    }

    ModelMember copy() {
        ModelMember copy = new ModelMember(bounds, engine);
        holdings.forEach(holding -> copy.holdings.add(holding.copy()));
        runs.forEach(run -> copy.runs.add(run.copy()));
        copy.timers.addAll(timers);
        copy.letters.addAll(letters);
        copy.revocations.addAll(revocations);
        copy.stage = stage;
        copy.paused = paused;
        copy.lastRevocation = lastRevocation;
        copy.shared = true;
        copy.engineDump = engineDump;
        return copy;
    }

    /** Has the engine apply an event, performs its commands and checks each, and the member afterwards. */
    void send(EngineEvent event) {
        if (shared) {
            engine = engine.copy();
            shared = false;
        }
        engineDump = null;
        ModelPort port = new ModelPort(this, event);
        for (EngineCommand command : List.copyOf(engine.apply(event))) {
            command.perform(port);
        }
        verify();
    }

    EngineState engine() {
        return engine;
    }

    @Nullable ModelHolding holding(Assignment assignment) {
        return holdings.stream()
                .filter(holding -> holding.assignment.equals(assignment))
                .findFirst()
                .orElse(null);
    }

    /** The holding of an assignment that the engine may still act on. */
    ModelHolding live(Assignment assignment, String what) {
        ModelHolding holding = holding(assignment);
        if (holding == null || !holding.isHeldByEngine() || !holding.known) {
            throw new ModelViolation(what + " for " + assignment + ", which is gone");
        }
        return holding;
    }

    List<ModelRun> runsOf(Assignment assignment) {
        return runs.stream().filter(run -> run.assignment.equals(assignment)).toList();
    }

    /** Whether the lane of an offset waits for a timer. */
    boolean isWaiting(Assignment assignment, int offset) {
        return count(timers, assignment, offset) > 0;
    }

    boolean isDeadLettering(Assignment assignment) {
        return letters.stream().anyMatch(letter -> letter.assignment().equals(assignment));
    }

    boolean isBusy(Assignment assignment) {
        return !runsOf(assignment).isEmpty() || isDeadLettering(assignment);
    }

    /** Whether something of the lane of an offset runs or is written. */
    boolean isBusy(Assignment assignment, int offset) {
        return runsIn(assignment, offset) > 0 || count(letters, assignment, offset) > 0;
    }

    private long runsIn(Assignment assignment, int offset) {
        return runsOf(assignment).stream()
                .filter(run -> bounds.lane(run.first()) == bounds.lane(offset))
                .count();
    }

    private long count(List<Ticket> tickets, Assignment assignment, int offset) {
        return tickets.stream()
                .filter(ticket -> ticket.assignment().equals(assignment))
                .filter(ticket -> bounds.lane(ticket.offset()) == bounds.lane(offset))
                .count();
    }

    /** Forgets assignments that are gone and of which nothing runs any more. */
    void forgetGone() {
        holdings.removeIf(holding -> holding.phase == ModelHolding.Phase.GONE && !isBusy(holding.assignment));
    }

    void gone(ModelHolding holding) {
        holding.phase = ModelHolding.Phase.GONE;
        holding.owned = false;
        holding.releaseAll();
        holding.sent = 0;
        holding.applied = false;
        holding.paused = false;
        holding.watched = false;
    }

    private void verify() {
        for (Ticket timer : timers) {
            live(timer.assignment(), "a timer is left");
            require(stage == Stage.OPEN, "timers: one is left after the stop");
        }
        for (ModelHolding holding : holdings) {
            if (holding.isHeldByEngine() && stage != Stage.DRAINED && stage != Stage.CLOSED) {
                verify(holding);
            }
        }
    }

    private void verify(ModelHolding holding) {
        Assignment assignment = holding.assignment;
        for (int offset = 0; offset < bounds.offsets(); offset++) {
            long timersOf = count(timers, assignment, offset);
            long under = timersOf + count(letters, assignment, offset) + runsIn(assignment, offset);
            require(under <= 1, "a lane does one thing at a time: " + under + " under way");
            require(timersOf == 0 || holding.lane(offset).held != 0, "hold: a parked message is not held");
            int behind = holding.lane(offset).behind;
            require(
                    !holding.mayStart() || behind == holding.dueBehind(offset),
                    "hold: " + behind + " is held behind a head, must be " + holding.dueBehind(offset));
            require(timersOf == 0 || holding.mayStart(), "timers: one is left in a lane that leaves");
        }
        require(holding.uncommitted() <= bounds.limits().maxUncommitted(), "maxUncommitted is exceeded");
    }

    String dump() {
        if (dump == null) {
            dump = describe();
        }
        return dump;
    }

    private String describe() {
        if (engineDump == null) {
            engineDump = engine.dump();
        }
        StringBuilder text = new StringBuilder(400);
        text.append(stage)
                .append(paused ? " paused" : "")
                .append(" engine ")
                .append(engineDump)
                .append('\n');
        holdings.forEach(holding ->
                text.append(holding.dump()).append(revocations.contains(holding.revocation) ? " awaited\n" : "\n"));
        runs.forEach(run -> text.append(run.dump()).append('\n'));
        timers.forEach(timer -> text.append("timer ")
                .append(timer.assignment())
                .append(timer.offset())
                .append('\n'));
        letters.forEach(letter -> text.append("letter ")
                .append(letter.assignment())
                .append(letter.offset())
                .append('\n'));
        return text.toString();
    }
}
