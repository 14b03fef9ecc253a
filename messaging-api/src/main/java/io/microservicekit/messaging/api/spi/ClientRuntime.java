package io.microservicekit.messaging.api.spi;

import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The one source of time, threads, randomness and waiting. Engine and adapters use nothing else, so that the same code runs on real threads and
 * in simulated time. Thread-safe.
 */
public interface ClientRuntime {
    /**
     * The part of this runtime that belongs to one client: closing it ends the loops, timers and threads made from it and no others.
     *
     * @param clientId the client, for thread names
     * @return a runtime of its own life time, sharing clock and randomness with this one
     */
    ClientRuntime scope(String clientId);

    /**
     * The wall clock, for timestamps only.
     *
     * @return the clock
     */
    InstantSource clock();

    /**
     * A clock that never goes back, for durations.
     *
     * @return nanoseconds since some fixed time
     */
    long nanoTime();

    /**
     * A stream of randomness for one purpose: streams of different purposes do not disturb each other.
     *
     * @param purpose a constant name
     * @return a generator, to be used by one thread or loop at a time; a further one of equal purpose goes on independently
     */
    SplittableRandom random(String purpose);

    /**
     * A future that users may wait on: its {@code get} and {@code join} wait as {@link #await} does.
     *
     * @param <T> the type of its result
     * @return a new incomplete future
     */
    <T> CompletableFuture<T> future();

    /**
     * A new serial executor.
     *
     * @param name for threads and logs, unique within the client as a rule
     * @return a loop that lives until it or this runtime is closed
     */
    Loop loop(String name);

    /**
     * Threads for user code.
     *
     * @param name for threads and logs
     * @param threads how many there are at the most; started when needed
     * @return a pool that lives until it or this runtime is closed
     */
    HandlerPool handlers(String name, int threads);

    /**
     * Starts a thread for a driver's blocking loop.
     *
     * @param name for the thread
     * @param loop what it runs; must end soon after its consumer or producer was closed
     * @return the started thread
     * @throws io.microservicekit.messaging.api.message.MessagingException CAPABILITY_MISSING in simulated time
     */
    Thread ioThread(String name, Runnable loop);

    /**
     * Runs what a driver calls back on a thread of its own, which counts as {@link Place#IO} meanwhile: whatever of the user's runs there, such as a
     * continuation of a future that is completed in it, is refused when it wants to wait, instead of holding up its driver. Returns when it has run,
     * and throws what it throws. To be called by adapters around each answer of a driver that completes a future of this library.
     *
     * @param callback what to run, on this thread
     */
    void onIo(Runnable callback);

    /**
     * Whether {@link #ioThread} works.
     *
     * @return true on real threads; false in simulated time, where only backends with
     *     {@link io.microservicekit.messaging.api.Capability#SIMULATED_TIME} can be used
     */
    default boolean hasIoThreads() {
        return true;
    }

    /**
     * Waits for a future: the only place where this library blocks.
     *
     * @param <T> the type of the result
     * @param future what to wait for
     * @param limit how long
     * @return the result
     * @throws InterruptedException when the thread is interrupted; the flag is cleared as usual
     * @throws ExecutionException when the future ends exceptionally, with that as the cause
     * @throws TimeoutException when the limit passes first
     * @throws IllegalStateException on a loop or an I/O thread of a client, where waiting would stop what is waited for
     */
    <T> T await(CompletableFuture<T> future, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException;

    /**
     * The one wait of an adapter on its I/O thread: for the engine to let go of revoked assignments, or for an answer that its driver gives on another
     * thread. The caller looks at the future afterwards.
     *
     * @param future what {@link BackendListener#revoked} returned, or what is completed by the answer
     * @param limit how long; returns silently when it passes
     */
    void awaitDrain(CompletableFuture<Void> future, Duration limit);

    /**
     * Where the current thread belongs.
     *
     * @return the place; {@link Place#OUTSIDE} for threads this runtime did not make, but in {@link #onIo}
     */
    Place place();

    /**
     * Notes an event in the runtime's log, if it keeps one: simulated runs do, to be compared and replayed.
     *
     * @param node who notes it
     * @param event its text, without thread names, identity hashes, stack traces or wall times; asked for only when there is a log
     */
    void note(String node, Supplier<String> event);

    /**
     * Ends all loops, timers, pools and threads made from this runtime; running handlers are interrupted. Waits for the threads a fraction of a
     * second at most, and not at all on one of them. Idempotent. Afterwards nothing more can be started.
     */
    void close();

    /** The kinds of threads, by what they may do. */
    enum Place {
        /** A thread of the application: may wait. */
        OUTSIDE,
        /** A handler thread: may wait, but not for the end of its own subscription. */
        HANDLER,
        /** An event loop: must not wait. */
        LOOP,
        /** A thread for a driver or, in {@link ClientRuntime#onIo}, one of the driver's own: must not wait, but by {@link ClientRuntime#awaitDrain}. */
        IO
    }
}
