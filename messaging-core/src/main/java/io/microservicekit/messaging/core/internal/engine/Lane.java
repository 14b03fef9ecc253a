package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is handled one at a time: all messages of an assignment, those of a key, or a single one. Its head is the first that is not handled. */
abstract class Lane {
    static final long NONE = 0;

    /** What the head of the lane is doing. */
    enum Phase {
        IDLE,
        RUNNING,
        PARKED,
        DEAD_LETTERING
    }

    final Holding holding;
    private Phase phase = Phase.IDLE;

    /** The run that is handed over, how long it is, and how much of it is already counted as handled. */
    private long run = NONE;

    private int runSize;
    private int runCounted;
    private boolean runTicked;

    /** The timer or dead letter that is awaited. */
    private long token = NONE;

    private @Nullable Setback setback;

    /** Whether it stands in the queue of those that may start. */
    boolean queued;

    Lane(Holding holding) {
        this.holding = holding;
    }

    final <L extends Lane> L copyTo(L copy) {
        Lane to = copy;
        to.phase = phase;
        to.run = run;
        to.runSize = runSize;
        to.runCounted = runCounted;
        to.runTicked = runTicked;
        to.token = token;
        to.setback = setback == null ? null : setback.copy();
        to.queued = queued;
        return copy;
    }

    /** How many of its messages are not handled. */
    abstract int count();

    /** The next message to be handled; there is one. */
    abstract ReceivedMessage first();

    /** When it was delivered. */
    abstract long firstNanos();

    /** Visits the messages that wait behind the head while those of other lanes go on. */
    abstract void forEachBehind(Consumer<ReceivedMessage> visitor);

    /** The next messages to run, at most {@code max}. */
    abstract List<ReceivedMessage> nextRun(int max);

    /** Takes the first {@code n} messages as handled, and returns how many that finished. */
    abstract int pass(int n);

    /** Whether a message that may still be in the hands of a handler of a former assignment keeps it from starting. */
    abstract boolean isBarredBy(ReceivedMessage running);

    Phase phase() {
        return phase;
    }

    long run() {
        return run;
    }

    int runCounted() {
        return runCounted;
    }

    long token() {
        return token;
    }

    @Nullable Setback setback() {
        return setback;
    }

    /** The coming attempt of the head. */
    int attempt() {
        return setback == null ? 1 : setback.attempt;
    }

    /** The next message to be handled, with the attempt that it is on. */
    ReceivedMessage head() {
        return first().withAttempt(attempt());
    }

    /** Whether the head was finished by its user, so that it needs neither another attempt nor a dead letter. */
    boolean isHeadFinished() {
        return holding.acks.isFinished(first());
    }

    /** Whether something of it is under way that can still end well before its assignment is let go. */
    boolean isBusy() {
        return phase == Phase.RUNNING || phase == Phase.DEAD_LETTERING;
    }

    /** Whether its head waits for a timer or its dead letter. */
    boolean isWaiting() {
        return token != NONE;
    }

    boolean isReady() {
        return phase == Phase.IDLE && count() > 0;
    }

    /** Whether a run is under way that is not known to have handled all its messages; one that has may still owe its report. */
    boolean hasRunLeft() {
        return phase == Phase.RUNNING && runCounted < runSize;
    }

    boolean is(Phase wanted, long wantedToken) {
        return phase == wanted && token == wantedToken;
    }

    /** How many messages it may still bring to be handled without starting anew. */
    int claim() {
        if (phase == Phase.RUNNING) {
            return runSize - runCounted;
        }
        return setback == null ? 0 : 1;
    }

    List<ReceivedMessage> startRun(long id, int max) {
        holding.without(this);
        phase = Phase.RUNNING;
        run = id;
        runCounted = 0;
        runTicked = false;
        List<ReceivedMessage> messages = nextRun(max);
        runSize = messages.size();
        holding.with(this);
        return messages;
    }

    /** Whether this is not the first time that its run is looked at. */
    boolean tick() {
        boolean before = runTicked;
        runTicked = true;
        return before;
    }

    /** Counts the messages of the run as handled up to {@code completed}, and returns how many that finished. */
    int countRun(int completed) {
        int news = completed - runCounted;
        if (news <= 0) {
            return 0;
        }
        holding.without(this);
        runCounted = completed;
        setback = null;
        int finished = pass(news);
        holding.with(this);
        return finished;
    }

    /** Takes the head as finished, without its handler; returns how many messages that finished: none if its user had finished it. */
    int finishHead() {
        boolean news = holding.acks.isManual() && holding.acks.finish(first()) == Window.Finish.NEWLY;
        holding.without(this);
        setback = null;
        int finished = pass(1) + (news ? 1 : 0);
        holding.with(this);
        return finished;
    }

    /** Its head failed. */
    Setback setBack(Throwable cause) {
        holding.without(this);
        Setback known = setback == null ? new Setback(cause) : setback;
        known.cause = cause;
        setback = known;
        holding.with(this);
        return known;
    }

    void idle() {
        holding.without(this);
        phase = Phase.IDLE;
        run = NONE;
        token = NONE;
        holding.with(this);
    }

    /** The head waits for a timer or for its dead letter. */
    void await(Phase wait, long awaited) {
        holding.without(this);
        phase = wait;
        token = awaited;
        holding.with(this);
    }

    String dump() {
        return phase
                + (setback == null ? "" : setback.dump(phase == Phase.PARKED))
                + (run == NONE ? "" : " counted=" + runCounted + "/" + runSize + (runTicked ? " ticked" : ""))
                + (queued ? " queued" : "");
    }
}
