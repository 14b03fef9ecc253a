package io.microservicekit.messaging.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The candidates for the handler threads of a client. */
public enum PoolKind {
    CACHED {
        @Override
        ExecutorService open() {
            return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>());
        }
    },
    FIXED {
        @Override
        ExecutorService open() {
            return new ThreadPoolExecutor(16, 16, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        }
    },
    FIXED_EXPIRING {
        @Override
        ExecutorService open() {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(16, 16, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
            pool.allowCoreThreadTimeOut(true);
            return pool;
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
