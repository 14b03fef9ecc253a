package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is handled one at a time: in mode PARTITION all messages of one assignment. */
final class Lane {
    static final long NONE = 0;

    /** What the head of the lane is doing. */
    enum Phase {
        IDLE,
        RUNNING,
        PARKED,
        DEAD_LETTERING
    }

    final Assignment assignment;
    final Backlog backlog;
    final AckLog acks;
    Phase phase = Phase.IDLE;

    /** The run on a handler thread, how long it is, and how much of it is already counted as finished. */
    long run = NONE;

    int runSize;
    int runCounted;
    boolean runTicked;

    /** The timer or dead letter that is awaited. */
    long token = NONE;

    ParkKind parkKind = ParkKind.RETRY;

    @Nullable Throwable cause;

    /** The coming attempt of the head, and how often its dead letter failed or it blocked the lane. */
    int attempt = 1;

    int failures;
    boolean exhausted;
    LetterForm letter = LetterForm.FULL;

    long revocation = NONE;
    boolean recycling;
    boolean queued;
    boolean intakePaused;

    /** Whether it has reached its share of the bounds and not come down to half of it again. */
    boolean full;

    boolean holdWatched;

    Lane(Assignment assignment, EngineLimits limits) {
        this(
                assignment,
                new Backlog(),
                limits.manual() ? AckLog.inAnyOrder(limits.maxUncommitted()) : new AckLog(limits.maxUncommitted()));
    }

    private Lane(Assignment assignment, Backlog backlog, AckLog acks) {
        this.assignment = assignment;
        this.backlog = backlog;
        this.acks = acks;
    }

    Lane copy() {
        Lane copy = new Lane(assignment, backlog.copy(), acks.copy());
        copy.phase = phase;
        copy.run = run;
        copy.runSize = runSize;
        copy.runCounted = runCounted;
        copy.runTicked = runTicked;
        copy.token = token;
        copy.parkKind = parkKind;
        copy.cause = cause;
        copy.attempt = attempt;
        copy.failures = failures;
        copy.exhausted = exhausted;
        copy.letter = letter;
        copy.revocation = revocation;
        copy.recycling = recycling;
        copy.queued = queued;
        copy.intakePaused = intakePaused;
        copy.full = full;
        copy.holdWatched = holdWatched;
        return copy;
    }

    boolean isLeaving() {
        return revocation != NONE || recycling;
    }

    /** Whether something of it is under way that can still end well before the lane is let go. */
    boolean isBusy() {
        return phase == Phase.RUNNING || phase == Phase.DEAD_LETTERING;
    }

    /** Whether a run is under way that is not known to have finished all its messages; one that has may still owe its report. */
    boolean hasRunLeft() {
        return phase == Phase.RUNNING && runCounted < runSize;
    }

    boolean is(Phase wanted, long wantedToken) {
        return phase == wanted && token == wantedToken;
    }

    void deliver(List<ReceivedMessage> messages, long nanos) {
        acks.delivered(backlog.add(messages, nanos));
    }

    /** How many delivered messages are not finished. */
    int inFlight() {
        return acks.isInAnyOrder() ? acks.unfinished() : backlog.count();
    }

    long inFlightBytes() {
        return acks.isInAnyOrder() ? acks.unfinishedBytes() : backlog.bytes();
    }

    /** When the oldest unfinished message was delivered; there is one. */
    long oldestNanos() {
        return acks.isInAnyOrder() ? acks.oldestNanos() : backlog.oldestNanos();
    }

    /** The next message to be handled, with the attempt that it is on. */
    ReceivedMessage head() {
        return backlog.head().withAttempt(attempt);
    }

    boolean hasHead(ReceivedMessage message) {
        return !backlog.isEmpty()
                && backlog.head().position().tag() == message.position().tag();
    }

    /** Whether the head was finished by its user, so that it needs neither another attempt nor a dead letter. */
    boolean isHeadFinished() {
        return acks.isFinished(backlog.head());
    }

    List<ReceivedMessage> startRun(long id, int max) {
        phase = Phase.RUNNING;
        run = id;
        runCounted = 0;
        runTicked = false;
        List<ReceivedMessage> messages = backlog.nextRun(max);
        runSize = messages.size();
        return messages;
    }

    /** Counts the messages of the run as handled up to {@code completed}, and returns how many that finished. */
    int countRun(int completed) {
        int news = completed - runCounted;
        if (news <= 0) {
            return 0;
        }
        runCounted = completed;
        return handled(news);
    }

    /** Takes the head as finished, without its handler; returns how many messages that finished: none if its user had finished it. */
    int finishHead() {
        boolean news = acks.isInAnyOrder() && acks.finish(backlog.head()) == Window.Finish.NEWLY;
        return handled(1) + (news ? 1 : 0);
    }

    private int handled(int count) {
        attempt = 1;
        failures = 0;
        exhausted = false;
        letter = LetterForm.FULL;
        cause = null;
        return acks.handled(count, backlog.finish(count));
    }

    void idle() {
        phase = Phase.IDLE;
        run = NONE;
        token = NONE;
    }

    void park(ParkKind kind, long timer) {
        phase = Phase.PARKED;
        parkKind = kind;
        token = timer;
    }

    boolean samePlace(Assignment other) {
        return assignment.partition() == other.partition() && assignment.topic().equals(other.topic());
    }

    String dump() {
        return assignment + " " + phase + (phase == Phase.PARKED ? " " + parkKind : "") + " attempt=" + attempt
                + " failures=" + failures + " acks=" + acks.dump() + " backlog=" + backlog.dump()
                + (revocation == NONE ? "" : " revoking") + (recycling ? " recycling" : "")
                + (exhausted ? " exhausted" : "") + (letter == LetterForm.FULL ? "" : " " + letter)
                + (intakePaused ? " paused" : "") + (full ? " full" : "") + (holdWatched ? " watched" : "")
                + (run == NONE ? "" : " counted=" + runCounted + "/" + runSize + (runTicked ? " ticked" : ""));
    }
}
