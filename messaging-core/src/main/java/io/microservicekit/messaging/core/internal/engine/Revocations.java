package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The revocations under way: each ends when the state machine has let go, at the latest after its limit. Confined to the loop. */
final class Revocations {
    private final Loop loop;
    private final EngineSink sink;
    private final Runs runs;
    private final Map<Long, Pending> pending = new TreeMap<>();
    private long last;

    Revocations(Loop loop, EngineSink sink, Runs runs) {
        this.loop = loop;
        this.sink = sink;
        this.runs = runs;
    }

    void begin(Set<Assignment> assignments, Duration limit, CompletableFuture<Void> letGo) {
        long revocation = ++last;
        pending.put(revocation, new Pending(letGo, loop.schedule(limit, () -> expire(revocation))));
        sink.handle(new EngineEvent.Revoking(revocation, new ArrayList<>(assignments)));
    }

    private void expire(long revocation) {
        runs.reportProgress();
        sink.handle(new EngineEvent.RevokeExpired(revocation));
        done(revocation); // whatever the state machine makes of it, the adapter was promised an answer
    }

    void done(long revocation) {
        Pending ended = pending.remove(revocation);
        if (ended != null) {
            ended.limit.cancel();
            ended.letGo.complete(null);
        }
    }

    /** Keeps no adapter waiting once the subscription has ended. */
    void close() {
        new ArrayList<>(pending.keySet()).forEach(this::done);
    }

    private record Pending(CompletableFuture<Void> letGo, Loop.Timer limit) {}
}
