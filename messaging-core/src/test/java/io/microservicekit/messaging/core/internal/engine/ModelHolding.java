package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.spi.Assignment;

/** An assignment as the adapter of a member and the model's own bookkeeping see it. Tags are offsets + 1, so a tag is a position. */
final class ModelHolding {
    /** What the engine was told and has answered. */
    enum Phase {
        LIVE,
        REVOKING,
        LET_GO,
        GONE
    }

    final Assignment assignment;
    final int start;
    Phase phase = Phase.LIVE;

    /** Whether the broker still regards the member as its owner. */
    boolean owned = true;

    /** Whether the engine knows of it: not if it was assigned after the stop. */
    boolean known;

    boolean recycling;
    long revocation;
    int next;
    int accepted;

    /** The offsets that are truly finished in this assignment: handled, confirmed as dead letter, or discarded as configured. */
    int done;

    /** Failed attempts of the lowest unfinished message, and whether it was announced as exhausted. */
    int attempts;

    boolean exhausted;
    long held;
    boolean paused;
    boolean watched;

    /** The adapter's commits: told by the engine, under way, applied at the broker, answered to the engine. */
    int told;

    int sent;
    boolean applied;
    int answered;

    ModelHolding(Assignment assignment, int start, boolean known) {
        this.assignment = assignment;
        this.start = start;
        this.known = known;
        this.next = start;
        this.told = start;
        this.answered = start;
    }

    ModelHolding copy() {
        ModelHolding copy = new ModelHolding(assignment, start, known);
        copy.phase = phase;
        copy.owned = owned;
        copy.recycling = recycling;
        copy.revocation = revocation;
        copy.next = next;
        copy.accepted = accepted;
        copy.done = done;
        copy.attempts = attempts;
        copy.exhausted = exhausted;
        copy.held = held;
        copy.paused = paused;
        copy.watched = watched;
        copy.told = told;
        copy.sent = sent;
        copy.applied = applied;
        copy.answered = answered;
        return copy;
    }

    /** Whether the engine may still act on it. */
    boolean isHeldByEngine() {
        return phase == Phase.LIVE || phase == Phase.REVOKING;
    }

    /** Whether messages of it may start. */
    boolean mayStart() {
        return phase == Phase.LIVE && !recycling;
    }

    int lowestUnfinished() {
        int offset = start;
        while ((done & 1 << offset) != 0) {
            offset++;
        }
        return offset;
    }

    void finish(int offset) {
        done |= 1 << offset;
        attempts = 0;
        exhausted = false;
    }

    int uncommitted() {
        return Integer.bitCount(done) - (answered - start);
    }

    String dump() {
        if (phase == Phase.GONE) {
            return "holding " + assignment + " GONE done=" + done + " told=" + told;
        }
        return "holding " + assignment + " " + phase + (owned ? " owned" : "") + (known ? "" : " unknown")
                + (recycling ? " recycling" : "") + " from=" + start + " next=" + next + "/" + accepted + " done="
                + done
                + " attempts=" + attempts + (exhausted ? " exhausted" : "") + " held=" + held
                + (paused ? " paused" : "")
                + (watched ? " watched" : "") + " commits=" + told + "/" + sent + (applied ? "!" : "") + "/" + answered;
    }
}
