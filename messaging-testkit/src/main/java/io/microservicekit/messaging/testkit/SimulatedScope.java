package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.HandlerPool;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The part of a simulated world that belongs to one client, or the root of all. */
final class SimulatedScope implements ClientRuntime {
    private final World world;
    private final Driver driver;
    private final String path;
    private final List<SimulatedScope> scopes = new ArrayList<>();
    private final List<SimulatedLoop> loops = new ArrayList<>();
    private final List<SimulatedHandlers> pools = new ArrayList<>();
    private volatile State state = State.OPEN;
    private @Nullable Loop timeouts;
    private @Nullable HandlerPool asynchronous;

    SimulatedScope(World world, Driver driver, String path) {
        this.world = world;
        this.driver = driver;
        this.path = path;
    }

    Waits waits() {
        return new Waits(world, driver);
    }

    private String path(String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }

    @Override
    public SimulatedScope scope(String clientId) {
        Objects.requireNonNull(clientId, "clientId");
        return world.locked(() -> {
            SimulatedScope made = new SimulatedScope(world, driver, path(clientId));
            scopes.add(made);
            made.state = state;
            return made;
        });
    }

    @Override
    public InstantSource clock() {
        return world::instant;
    }

    @Override
    public long nanoTime() {
        return world.now();
    }

    @Override
    public SplittableRandom random(String purpose) {
        Objects.requireNonNull(purpose, "purpose");
        return world.random("of " + path(purpose));
    }

    @Override
    public <T> CompletableFuture<T> future() {
        return new SimulatedFuture<>(this);
    }

    @Override
    public Loop loop(String name) {
        Objects.requireNonNull(name, "name");
        return world.locked(() -> {
            SimulatedLoop loop = new SimulatedLoop(world, path(name));
            loops.add(loop);
            if (state != State.OPEN) {
                loop.close();
            }
            return loop;
        });
    }

    @Override
    public HandlerPool handlers(String name, int threads) {
        Objects.requireNonNull(name, "name");
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "The pool " + path(name) + " needs at least one thread, but got " + threads);
        }
        return world.locked(() -> {
            SimulatedHandlers pool = new SimulatedHandlers(world, path(name), threads);
            pools.add(pool);
            if (state != State.OPEN) {
                pool.close();
            }
            return pool;
        });
    }

    Loop timeouts() {
        return world.locked(() -> {
            Loop loop = timeouts == null ? loop("timeouts") : timeouts;
            timeouts = loop;
            return loop;
        });
    }

    HandlerPool asynchronous() {
        return world.locked(() -> {
            HandlerPool pool = asynchronous == null ? handlers("asynchronous", Integer.MAX_VALUE) : asynchronous;
            asynchronous = pool;
            return pool;
        });
    }

    @Override
    public Thread ioThread(String name, Runnable loop) {
        throw new MessagingException(
                ErrorCode.CAPABILITY_MISSING,
                "Cannot start the I/O thread " + name
                        + " in simulated time: a driver's own threads follow the wall clock."
                        + " Only backends without driver threads (the in-memory one) run on a SimulatedRuntime;"
                        + " use the default runtime for this backend");
    }

    /** No driver has threads here: what this is called for runs where it is called. */
    @Override
    public void onIo(Runnable callback) {
        callback.run();
    }

    @Override
    public <T> T await(CompletableFuture<T> future, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        Objects.requireNonNull(future, "future");
        Objects.requireNonNull(limit, "limit");
        return waits().await(future, limit);
    }

    @Override
    public void awaitDrain(CompletableFuture<Void> future, Duration limit) {
        try {
            await(future, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            note(path("drain"), () -> "not drained within " + limit);
        }
    }

    @Override
    public Place place() {
        return world.place();
    }

    @Override
    public void note(String node, Supplier<String> event) {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(event, "event");
        if (state != State.CRASHED) {
            world.note(node, event.get());
        }
    }

    @Override
    public void close() {
        if (state == State.CRASHED) {
            return;
        }
        List<HandlerTask> unwinding = new ArrayList<>();
        world.locked(() -> end(unwinding));
        if (world.place() == Place.OUTSIDE) {
            driver.unwind(unwinding);
        }
    }

    /** With the lock held: ends everything, crashed parts only with the root. */
    private void end(List<HandlerTask> unwinding) {
        state = State.CLOSED;
        loops.forEach(Loop::close);
        pools.forEach(pool -> unwinding.addAll(pool.end()));
        for (SimulatedScope scope : scopes) {
            if (scope.state != State.CRASHED || path.isEmpty()) {
                scope.end(unwinding);
            }
        }
    }

    /** Crashes the open scopes of a name below this one; returns how many there were. */
    int crash(String clientId) {
        return world.locked(() -> {
            int crashed = 0;
            for (SimulatedScope scope : scopes) {
                if (scope.state == State.OPEN && scope.path.equals(path(clientId))) {
                    scope.crash();
                    crashed++;
                }
            }
            return crashed;
        });
    }

    private void crash() {
        state = State.CRASHED;
        loops.forEach(Loop::close);
        pools.forEach(SimulatedHandlers::crash);
        scopes.forEach(SimulatedScope::crash);
    }

    List<HandlerThread> threads() {
        return world.locked(() -> {
            List<HandlerThread> threads = new ArrayList<>();
            pools.forEach(pool -> threads.addAll(pool.threads()));
            scopes.forEach(scope -> threads.addAll(scope.threads()));
            return threads;
        });
    }

    private enum State {
        OPEN,
        CLOSED,
        CRASHED
    }
}
