package io.microservicekit.messaging.benchmarks;

/** What a worker does between two records of a run: the candidates. */
public enum PerRecord {
    NOTHING {
        @Override
        boolean mayGoOn(Run run) {
            return true;
        }
    },
    GATE,
    GATE_PROGRESS {
        @Override
        void completed(Run run, int count) {
            run.releaseProgress(count);
        }
    },
    GATE_VOLATILE_PROGRESS {
        @Override
        void completed(Run run, int count) {
            run.volatileProgress(count);
        }
    },
    GATE_PROGRESS_CLOCK {
        @Override
        void completed(Run run, int count) {
            run.releaseProgress(count);
            run.stamp(System.nanoTime());
        }
    },
    GATE_EVENT {
        @Override
        void completed(Run run, int count) {
            run.postProgress(count);
        }
    };

    boolean mayGoOn(Run run) {
        return run.isOpen();
    }

    void completed(Run run, int count) {}
}
