package io.microservicekit.messaging.rabbitmq.internal.shared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sends of one channel after the other that have no outcome: those that wait, in order, and those that are written, by the number of their
 * confirmation. Senders add, the worker of the channel takes, the driver's reading thread settles, the loop opens, ends and looks at the deadlines.
 *
 * <p>A send leaves it exactly once, and whoever took it out ends it, outside of the lock. A channel is known by its epoch: what belongs to an earlier
 * one has no effect. That a send is taken from the queue and registered under its number is one step, so that a channel that is lost at that
 * moment has either not taken it or has it among those that it may have written.
 *
 * <p>Whatever is thrown, by a lack of memory for example, each send is still in it or handed out.
 */
public final class SendWindow {
    private final Runnable whenDue;
    private final Runnable whenIdle;
    private final Object lock = new Object();

    // All below guarded by lock.
    private final Deque<PendingSend> queue = new ArrayDeque<>();
    private final List<PendingSend> overdue = new ArrayList<>();
    private final ConfirmRing written = new ConfirmRing();
    private @Nullable Runnable pump;
    private long epoch;
    private int mostWritten;
    private boolean pumping;
    private boolean held;
    private boolean closed;
    private boolean timed;
    private long dueNanos;

    /**
     * An empty one, without a channel.
     *
     * @param whenDue called when a send must be decided earlier than all others; by its sender, no lock held
     * @param whenIdle called when it is closed and the last send has left it; by whoever took that, no lock held
     */
    public SendWindow(Runnable whenDue, Runnable whenIdle) {
        this.whenDue = whenDue;
        this.whenIdle = whenIdle;
    }

    /** Appends a send; from any thread. False when it is closed: then the caller ends the send. */
    public boolean add(PendingSend send) {
        Runnable wake;
        boolean due;
        synchronized (lock) {
            if (closed) {
                return false;
            }
            queue.add(send);
            due = isEarlier(send);
            wake = wake();
        }
        run(due ? whenDue : null);
        run(wake);
        return true;
    }

    /**
     * There is a channel.
     *
     * @param epoch higher than those before
     * @param pump starts to take sends by {@link #next} until that gives none; called when there are some and it does not run yet
     * @param mostWritten how many may be written at once until the broker has answered once
     */
    public void open(long epoch, Runnable pump, int mostWritten) {
        Runnable wake;
        synchronized (lock) {
            this.epoch = epoch;
            this.pump = pump;
            this.mostWritten = mostWritten;
            pumping = false;
            wake = wake();
        }
        run(wake);
    }

    /**
     * The next send to be written, registered under the number that its confirmation will have; on the worker of the channel.
     *
     * @return null when there is none, when nothing may be written, or when the channel is no longer the present one; the pump has then ended
     */
    public @Nullable PendingSend next(long epoch, long sequence, long now) {
        synchronized (lock) {
            if (this.epoch != epoch || pump == null) {
                return null;
            }
            PendingSend next = mayWrite() ? firstInTime(now) : null;
            if (next == null) {
                pumping = false;
            } else {
                // In this order, so that it is never in neither.
                written.put(sequence, next);
                queue.remove();
            }
            return next;
        }
    }

    /** The broker has answered; on the driver's reading thread. Those that it answered are taken out. */
    public List<PendingSend> settle(long epoch, long sequence, boolean multiple) {
        List<PendingSend> settled = new ArrayList<>();
        Runnable wake = null;
        boolean idle = false;
        synchronized (lock) {
            if (this.epoch == epoch) {
                written.take(sequence, multiple, settled);
                mostWritten = Integer.MAX_VALUE;
                wake = wake();
                idle = isIdle();
            }
        }
        run(wake);
        run(idle ? whenIdle : null);
        return settled;
    }

    /** The broker has returned a send, which its confirmation will follow; on the driver's reading thread. False when it is not known. */
    public boolean returned(long epoch, long sequence, String reason) {
        synchronized (lock) {
            PendingSend send = this.epoch == epoch ? written.get(sequence) : null;
            if (send != null) {
                send.returned(reason);
            }
            return send != null;
        }
    }

    /** The broker takes no messages for now, or does again. */
    public void hold(boolean held) {
        Runnable wake;
        synchronized (lock) {
            this.held = held;
            wake = wake();
        }
        run(wake);
    }

    /** The channel is gone; what it may have written and had no answer to is taken out. */
    public List<PendingSend> lost(long epoch) {
        List<PendingSend> unanswered = new ArrayList<>();
        change(() -> {
            if (this.epoch == epoch) {
                pump = null;
                pumping = false;
                written.takeIf(send -> true, unanswered);
            }
        });
        return unanswered;
    }

    /** Those whose time has passed are taken out, and the others' earliest time is looked up. */
    public Sends expire(long now) {
        List<PendingSend> late = new ArrayList<>();
        List<PendingSend> lateWritten = new ArrayList<>();
        List<Runnable> woken = new ArrayList<>();
        change(() -> {
            moveOverdue(now);
            late.addAll(overdue);
            written.takeIf(send -> send.isOverdue(now), lateWritten);
            overdue.clear();
            timed = false;
            forEach(this::isEarlier);
            // Where only one may be written, its end lets the next one go.
            Runnable wake = wake();
            if (wake != null) {
                woken.add(wake);
            }
        });
        woken.forEach(this::run);
        return new Sends(late, lateWritten);
    }

    /** When the next send must be decided; empty when there is none. */
    public OptionalLong due() {
        synchronized (lock) {
            return timed ? OptionalLong.of(dueNanos) : OptionalLong.empty();
        }
    }

    /** Nobody will look at the deadlines: the next send asks for it again. */
    public void forgetDue() {
        synchronized (lock) {
            timed = false;
        }
    }

    /** All that wait are taken out. */
    public List<PendingSend> takeQueued() {
        List<PendingSend> waiting = new ArrayList<>();
        change(() -> {
            waiting.addAll(overdue);
            waiting.addAll(queue);
            overdue.clear();
            queue.clear();
            pumping = false;
        });
        return waiting;
    }

    /** Takes no more sends. From any thread. */
    public void close() {
        change(() -> closed = true);
    }

    /** Whether it is closed and empty. */
    public boolean isOver() {
        synchronized (lock) {
            return isIdle();
        }
    }

    /** Sends that were taken out: those that were never written, and those that may have been. */
    public record Sends(List<PendingSend> queued, List<PendingSend> written) {}

    private void change(Runnable change) {
        boolean idle;
        synchronized (lock) {
            change.run();
            idle = isIdle();
        }
        run(idle ? whenIdle : null);
    }

    private boolean mayWrite() {
        return !held && written.size() < mostWritten;
    }

    private @Nullable Runnable wake() {
        if (pumping || pump == null || queue.isEmpty() || !mayWrite()) {
            return null;
        }
        pumping = true;
        return pump;
    }

    /** What is thrown here must not keep those that were taken out from their outcomes; who was not woken is woken by what comes next. */
    private void run(@Nullable Runnable wake) {
        try {
            if (wake != null) {
                wake.run();
            }
        } catch (Throwable e) {
            synchronized (lock) {
                pumping = false;
                timed &= wake != whenDue;
            }
            Thread here = Thread.currentThread();
            here.getUncaughtExceptionHandler().uncaughtException(here, e);
        }
    }

    /** Those that are late are left to the next look at the deadlines, which is due. */
    private @Nullable PendingSend firstInTime(long now) {
        PendingSend first = queue.peek();
        while (first != null && first.isOverdue(now)) {
            overdue.add(first);
            queue.remove();
            first = queue.peek();
        }
        return first;
    }

    private void moveOverdue(long now) {
        for (Iterator<PendingSend> all = queue.iterator(); all.hasNext(); ) {
            PendingSend send = all.next();
            if (send.isOverdue(now)) {
                overdue.add(send);
                all.remove();
            }
        }
    }

    private void forEach(Consumer<PendingSend> action) {
        queue.forEach(action);
        written.forEach(action);
    }

    private boolean isEarlier(PendingSend send) {
        if (timed && send.deadlineNanos() - dueNanos >= 0) {
            return false;
        }
        timed = true;
        dueNanos = send.deadlineNanos();
        return true;
    }

    private boolean isIdle() {
        return closed && queue.isEmpty() && overdue.isEmpty() && written.size() == 0;
    }
}
