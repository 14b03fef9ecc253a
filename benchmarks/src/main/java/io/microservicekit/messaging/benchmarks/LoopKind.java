package io.microservicekit.messaging.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The candidates for the event loop of a subscription. */
public enum LoopKind {
    SCHEDULED {
        @Override
        ExecutorService open() {
            return new ScheduledThreadPoolExecutor(1);
        }
    },
    QUEUE {
        @Override
        ExecutorService open() {
            return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }
    },
    PARKING {
        @Override
        ExecutorService open() {
            return new ParkingLoop();
        }
    },
    /** No hand-over at all: what the engine itself costs. */
    DIRECT {
        @Override
        ExecutorService open() {
            return new DirectExecutor();
        }
    };

    abstract ExecutorService open();
}
