package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import java.util.Arrays;
import java.util.List;

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
    /** By offset; an equal message is not the same. */
    final List<ReceivedMessage> messages;

    Phase phase = Phase.LIVE;

    /** Whether the broker still regards the member as its owner. */
    boolean owned = true;

    /** Whether the engine knows of it: not if it was assigned after the stop. */
    boolean known;

    boolean recycling;
    long revocation;
    int next;
    int accepted;

    /** Whether users commit, so that being handled is not enough. */
    final boolean manual;

    /** The offsets that were handed to a handler, and those that need none any more: handled, dead-lettered, discarded, or committed in time. */
    int begun;

    int handled;

    /** The offsets that are truly finished in this assignment: handled or committed, confirmed as dead letter, or discarded as configured. */
    int done;

    /** Those of them that the adapter was told of beyond the watermark. */
    int toldAbove;

    private final ModelBounds bounds;
    private final ModelLane[] lanes;
    boolean paused;
    boolean watched;

    /** The adapter's commits: told by the engine, under way, applied at the broker, answered to the engine. */
    int told;

    int sent;
    boolean applied;
    int answered;

    ModelHolding(Assignment assignment, List<ReceivedMessage> messages, int start, boolean known, ModelBounds bounds) {
        this.messages = messages;
        this.bounds = bounds;
        this.manual = bounds.limits().manual();
        this.lanes = new ModelLane[bounds.offsets()];
        Arrays.setAll(lanes, i -> new ModelLane());
        this.assignment = assignment;
        this.start = start;
        this.known = known;
        this.next = start;
        this.told = start;
        this.answered = start;
    }

    ModelHolding copy() {
        ModelHolding copy = new ModelHolding(assignment, messages, start, known, bounds);
        Arrays.setAll(copy.lanes, i -> lanes[i].copy());
        copy.phase = phase;
        copy.owned = owned;
        copy.recycling = recycling;
        copy.revocation = revocation;
        copy.next = next;
        copy.accepted = accepted;
        copy.begun = begun;
        copy.handled = handled;
        copy.done = done;
        copy.toldAbove = toldAbove;
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
        return firstWithout(done);
    }

    /** What is true of the messages that are handled one after the other with this one. */
    ModelLane lane(int offset) {
        return lanes[bounds.lane(offset)];
    }

    /** The message that is next to be handled of those in one lane with this one; the number of all when there is none. */
    int next(int sameLane) {
        int offset = start;
        while (offset < bounds.offsets() && (isHandled(offset) || bounds.lane(offset) != bounds.lane(sameLane))) {
            offset++;
        }
        return offset;
    }

    boolean isHeld() {
        return Arrays.stream(lanes).anyMatch(lane -> lane.held != 0 || lane.behind != 0);
    }

    void releaseAll() {
        for (ModelLane lane : lanes) {
            lane.held = 0;
            lane.behind = 0;
        }
    }

    /** The offsets that must be held in the lane of a message: none but the head where its lane is the only one, or the broker bounds nothing. */
    int dueBehind(int sameLane) {
        int due = 0;
        if (lane(sameLane).held != 0 && bounds.limits().boundsUnfinished() && bounds.isByKey()) {
            for (int offset = next(sameLane) + 1; offset < next; offset++) {
                due |= bounds.lane(offset) == bounds.lane(sameLane) ? 1 << offset : 0;
            }
        }
        return due;
    }

    /** Whether every message was handled. */
    boolean isAllHandled() {
        return firstWithout(handled) == bounds.offsets();
    }

    private boolean isHandled(int offset) {
        return (handled & 1 << offset) != 0;
    }

    private int firstWithout(int bits) {
        int offset = start;
        while ((bits & 1 << offset) != 0) {
            offset++;
        }
        return offset;
    }

    boolean isDone(int offset) {
        return (done & 1 << offset) != 0;
    }

    boolean isBegun(int offset) {
        return (begun & 1 << offset) != 0;
    }

    void begin(int offset) {
        begun |= 1 << offset;
    }

    /** Its handler returned, or needs not be called again. */
    void handle(int offset) {
        handled |= 1 << offset;
        done |= manual ? 0 : 1 << offset;
        lane(offset).advance();
    }

    void commit(int offset) {
        done |= 1 << offset;
    }

    void finish(int offset) {
        commit(offset);
        handle(offset);
    }

    int uncommitted() {
        return Integer.bitCount(handled) - (answered - start);
    }

    String dump() {
        if (phase == Phase.GONE) {
            return "holding " + assignment + " GONE done=" + done + " told=" + told + (manual ? " begun=" + begun : "");
        }
        return "holding " + assignment + " " + phase + (owned ? " owned" : "") + (known ? "" : " unknown")
                + (recycling ? " recycling" : "") + " from=" + start + " next=" + next + "/" + accepted + " done="
                + done + (manual ? " begun=" + begun + " handled=" + handled : "")
                + (toldAbove == 0 ? "" : " above=" + toldAbove)
                + Arrays.stream(lanes).map(ModelLane::dump).toList()
                + (paused ? " paused" : "")
                + (watched ? " watched" : "") + " commits=" + told + "/" + sent + (applied ? "!" : "") + "/" + answered;
    }
}
