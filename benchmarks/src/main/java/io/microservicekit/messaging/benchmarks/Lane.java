package io.microservicekit.messaging.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One lane as its event loop sees it: called and written by the loop only, but for the final settings. */
final class Lane {
    /** What stays the same for the life of a lane. */
    record Settings(Executor loop, Executor workers, Handler handler, PerRecord perRecord, int runLength) {}

    private static final Slice NOTHING = new Slice(new Long[0], 0, 0);

    private final Settings settings;
    private final Runnable whenDone;
    private final List<Throwable> failures = new ArrayList<>();
    private Slice assigned = NOTHING;
    private @Nullable Run running;
    private long epoch;
    private int watermark;
    private int lateResults;
    private boolean halted;

    Lane(Settings settings, Runnable whenDone) {
        this.settings = settings;
        this.whenDone = whenDone;
    }

    /** A new assignment; its first run waits until a run of the previous one has reported. */
    void assign(Slice records) {
        epoch++;
        assigned = records;
        watermark = 0;
        halted = false;
        startNext();
    }

    /** Ends the assignment and returns how many of its records may be committed, without waiting for the worker. */
    int revoke() {
        int committable = committable();
        pause();
        epoch++;
        assigned = NOTHING;
        watermark = 0;
        return committable;
    }

    void pause() {
        halted = true;
        if (running != null) {
            running.close();
        }
    }

    void resume() {
        halted = false;
        startNext();
    }

    void finished(RunFinished event) {
        running = null;
        if (event.run().epoch() == epoch) {
            account(event);
        } else {
            lateResults++;
        }
        startNext();
    }

    private void account(RunFinished event) {
        watermark += event.completed();
        if (event.failure() != null) {
            failures.add(event.failure());
            halted = true;
        }
    }

    private void startNext() {
        if (running != null || halted) {
            return;
        }
        if (watermark == assigned.size()) {
            whenDone.run();
            return;
        }
        running = new Run(this, epoch, assigned.part(watermark, settings.runLength()));
        settings.workers().execute(running);
    }

    /** Also counts what the running worker has released, so that a commit need not wait for the end of a run. */
    int committable() {
        boolean current = running != null && running.epoch() == epoch;
        return watermark + (current ? running.progress() : 0);
    }

    boolean isIdle() {
        return running == null;
    }

    int watermark() {
        return watermark;
    }

    int lateResults() {
        return lateResults;
    }

    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    Executor loop() {
        return settings.loop();
    }

    Handler handler() {
        return settings.handler();
    }

    PerRecord perRecord() {
        return settings.perRecord();
    }
}
