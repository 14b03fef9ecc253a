package io.microservicekit.messaging.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive records of one lane, handed to one worker.
 *
 * <p>The gate belongs to the run and is never opened again: what resumes is a new run, so that a worker which slept
 * through a close and a re-open cannot miss the close.
 */
final class Run implements Runnable {
    private static final VarHandle PROGRESS = progressHandle();

    private final Lane lane;
    private final long epoch;
    private final Slice records;
    private volatile boolean closed;
    private int progress;
    private long stamp;

    Run(Lane lane, long epoch, Slice records) {
        this.lane = lane;
        this.epoch = epoch;
        this.records = records;
    }

    private static VarHandle progressHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Run.class, "progress", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public void run() {
        Handler handler = lane.handler();
        PerRecord perRecord = lane.perRecord();
        int size = records.size();
        int count = 0;
        Throwable failure = null;
        try {
            while (count < size && perRecord.mayGoOn(this)) {
                handler.handle(records.at(count));
                perRecord.completed(this, ++count);
            }
        } catch (Throwable e) {
            failure = e;
        }
        report(count, failure);
    }

    private void report(int count, @Nullable Throwable failure) {
        RunFinished event = new RunFinished(this, count, failure);
        lane.loop().execute(() -> lane.finished(event));
    }

    long epoch() {
        return epoch;
    }

    /** Closes the gate, on the loop; at most the record that runs or is just about to start is still handled. */
    void close() {
        closed = true;
    }

    boolean isOpen() {
        return !closed;
    }

    /** How many records are completed as far as this thread can see: maybe fewer than there are, never more. */
    int progress() {
        return (int) PROGRESS.getAcquire(this);
    }

    void releaseProgress(int count) {
        PROGRESS.setRelease(this, count);
    }

    void volatileProgress(int count) {
        PROGRESS.setVolatile(this, count);
    }

    void postProgress(int count) {
        lane.loop().execute(() -> progress = count);
    }

    void stamp(long nanos) {
        stamp = nanos;
    }

    long stamp() {
        return stamp;
    }
}
