package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.HandlerPool;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A runtime on virtual time: hours pass in milliseconds, and a run can be repeated from its seed.
 *
 * <p>Time stands still unless a thread of the test drives it: by {@link #advance}, {@link #settle}, {@link #drain}, or by waiting for a future of
 * this runtime ({@link #await}, {@code get}, {@code join}). What runs next among all that could is picked by the seed, so that different seeds
 * show different interleavings and equal seeds the same one; loops keep their order. Tasks of loops run on the driving thread. Handlers run on
 * threads of their own, of which exactly one runs at a time: they may block, but only through this runtime.
 *
 * <p>What a task of a loop or a handler throws is thrown at the end of the driving call, as an {@code AssertionError} with that as its cause.
 *
 * <p>Thread-safe, but only a test whose own code uses one thread can be repeated from its seed. Close it at the end of the test.
 */
public final class SimulatedRuntime implements ClientRuntime, AutoCloseable {
    private final long seed;
    private final World world;
    private final Driver driver;
    private final SimulatedScope root;

    private SimulatedRuntime(long seed, Limits limits) {
        this.seed = seed;
        world = new World(seed, limits);
        driver = new Driver(world);
        root = new SimulatedScope(world, driver, "");
    }

    /**
     * A new world, whose wall clock stands at 2026-01-01T00:00:00Z.
     *
     * @param seed what decides all order and randomness in it
     * @return a new runtime
     */
    public static SimulatedRuntime seeded(long seed) {
        return seeded(seed, Limits.DEFAULT);
    }

    static SimulatedRuntime seeded(long seed, Limits limits) {
        return new SimulatedRuntime(seed, limits);
    }

    /**
     * What this run is repeated from.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * How much virtual time has passed since this runtime was made.
     *
     * @return zero or more
     */
    public Duration elapsed() {
        return Duration.ofNanos(world.now());
    }

    /**
     * Moves time, firing the timers on the way in order, each at its exact time, and runs everything that becomes due.
     *
     * @param duration how far, zero or more
     * @throws IllegalArgumentException when it is negative
     * @throws IllegalStateException when called in a loop or a handler of this runtime, after {@link #close}, when a handler blocks outside of
     *     {@link #await} for 5 s of wall time, or when 100,000 steps do not move time (a livelock)
     * @throws AssertionError when a task threw
     */
    public void advance(Duration duration) {
        driver.advance(notNegative(duration, "duration"));
    }

    /**
     * Runs everything that is due at the present instant, and what that makes due; never moves time.
     *
     * @throws IllegalStateException as {@link #advance}
     * @throws AssertionError when a task threw
     */
    public void settle() {
        driver.settle();
    }

    /**
     * Moves time until nothing is runnable, no handler waits and no timer is pending but for housekeeping.
     *
     * @param limit how much virtual time this may take, zero or more
     * @throws IllegalArgumentException when it is negative
     * @throws IllegalStateException when something is pending after the limit, or waits for what nothing will complete, with the list of it; else
     *     as {@link #advance}
     * @throws AssertionError when a task threw
     */
    public void drain(Duration limit) {
        driver.drain(notNegative(limit, "limit"));
    }

    private static Duration notNegative(Duration value, String name) {
        Objects.requireNonNull(value, name);
        if (value.isNegative()) {
            throw new IllegalArgumentException(
                    "Virtual time never goes back, but " + name + " is " + value + ": pass zero or more");
        }
        return value;
    }

    /**
     * Ends a client as if its process had died: its tasks and timers are dropped, its handlers never run on, what it still does is ignored. A
     * handler that itself calls this runs until it waits or ends. The threads of its handlers are interrupted and end when this runtime is closed.
     *
     * @param clientId the id that the client passed to {@link #scope}
     * @throws IllegalArgumentException when no running client has this id
     */
    public void crash(String clientId) {
        Objects.requireNonNull(clientId, "clientId");
        world.note("crash", clientId);
        if (root.crash(clientId) == 0) {
            throw new IllegalArgumentException(
                    "Cannot crash the client " + clientId + ": none of this id runs on this runtime");
        }
    }

    /**
     * What happened: {@code t=<virtual nanoseconds> run <loop or handler>} for each step, and what was noted.
     *
     * @return one line per event, in order, not to be changed
     */
    public List<String> eventLog() {
        return world.events();
    }

    /**
     * A short form of {@link #eventLog} to compare runs by.
     *
     * @return its SHA-256 in lower-case hexadecimal digits
     */
    public String eventLogDigest() {
        return world.digest();
    }

    @Override
    public ClientRuntime scope(String clientId) {
        return root.scope(clientId);
    }

    @Override
    public InstantSource clock() {
        return root.clock();
    }

    @Override
    public long nanoTime() {
        return root.nanoTime();
    }

    @Override
    public SplittableRandom random(String purpose) {
        return root.random(purpose);
    }

    @Override
    public <T> CompletableFuture<T> future() {
        return root.future();
    }

    @Override
    public Loop loop(String name) {
        return root.loop(name);
    }

    @Override
    public HandlerPool handlers(String name, int threads) {
        return root.handlers(name, threads);
    }

    @Override
    public Thread ioThread(String name, Runnable loop) {
        return root.ioThread(name, loop);
    }

    @Override
    public void onIo(Runnable callback) {
        root.onIo(Objects.requireNonNull(callback, "callback"));
    }

    /**
     * Waits for a future. A thread of the test drives the world meanwhile, and time moves only as far as needed; a handler lets others run.
     *
     * @throws IllegalStateException also at once when nothing that is runnable or timed could complete the future, with the list of what is pending
     */
    @Override
    public <T> T await(CompletableFuture<T> future, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return root.await(future, limit);
    }

    @Override
    public void awaitDrain(CompletableFuture<Void> future, Duration limit) {
        root.awaitDrain(future, limit);
    }

    @Override
    public Place place() {
        return root.place();
    }

    @Override
    public void note(String node, Supplier<String> event) {
        root.note(node, event);
    }

    /**
     * Ends the world: tasks and timers are dropped, waiting handlers are interrupted and run to their ends. Called by a thread of the test, it
     * returns when all threads are gone.
     *
     * @throws IllegalStateException when a handler does not end within 5 s of wall time after its interrupt
     * @throws AssertionError when a task threw and no driving call has thrown that yet
     */
    @Override
    public void close() {
        try {
            root.close();
        } finally {
            driver.close();
        }
        if (place() == Place.OUTSIDE) {
            root.threads().forEach(this::joined);
            world.failures.throwCollected(null);
        }
    }

    private void joined(Thread thread) {
        try {
            thread.join(world.limits.stuckAfter().toMillis());
            if (thread.isAlive()) {
                throw StuckHandler.error(thread.getName(), thread, world.limits.stuckAfter());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
