package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.Backend;
import io.microservicekit.messaging.api.spi.BackendConsumer;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A small engine that obeys the port: finishes messages out of order after random times, holds some, lets go within random times. */
final class StormMember implements BackendListener {
    private final List<String> handled;
    private final SplittableRandom random;
    private final SplittableRandom drains;
    private final ClientRuntime runtime;
    private final Loop loop;
    private final Map<Assignment, Share> shares = new LinkedHashMap<>();
    final CompletableFuture<Void> ready;
    private BackendConsumer consumer;

    StormMember(ClientRuntime runtime, List<String> handled) {
        this.runtime = runtime;
        this.handled = handled;
        this.random = runtime.random("storm");
        this.drains = runtime.random("drain");
        this.loop = runtime.loop("member");
        this.ready = runtime.future();
    }

    /** On the loop, so that no report finds the member without its consumer. */
    void start(Backend backend, ConsumerSpec spec) {
        loop.execute(() -> consumer = backend.consumer(spec, this));
    }

    @Override
    public void ready() {
        loop.execute(() -> ready.complete(null));
    }

    @Override
    public void assigned(Set<Assignment> assignments) {
        loop.execute(() -> assignments.forEach(a -> shares.put(a, new Share())));
    }

    @Override
    public void delivered(Assignment assignment, List<ReceivedMessage> messages) {
        loop.execute(() -> messages.forEach(message -> accept(assignment, message)));
    }

    private void accept(Assignment assignment, ReceivedMessage message) {
        Share share = shares.get(assignment);
        if (share == null) {
            return;
        }
        long tag = message.position().tag();
        if (tag != ++share.last) {
            throw new AssertionError("tag " + tag + " of " + assignment + " after " + (share.last - 1));
        }
        share.unfinished.put(tag, message);
        boolean hold = random.nextInt(4) == 0;
        if (hold) {
            consumer.hold(assignment, tag);
        }
        loop.schedule(Duration.ofMillis(random.nextInt(2_000)), () -> finish(assignment, tag, hold));
    }

    private void finish(Assignment assignment, long tag, boolean held) {
        Share share = shares.get(assignment);
        if (share == null) {
            return;
        }
        if (held) {
            consumer.release(assignment, tag);
        }
        handled.add(share.unfinished.remove(tag).valueText());
        long upTo = (share.unfinished.isEmpty() ? share.last + 1 : share.unfinished.firstKey()) - 1;
        consumer.acknowledge(assignment, upTo, tag > upTo ? new long[] {tag} : new long[0]);
    }

    void recycleAll() {
        loop.execute(() -> shares.keySet().forEach(a -> consumer.recycle(a, "storm")));
    }

    @Override
    public void acknowledged(Assignment assignment, long upTo) {}

    @Override
    public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
        CompletableFuture<Void> drained = runtime.future();
        Duration after = Duration.ofMillis(drains.nextLong(limit.toMillis() + 1));
        loop.schedule(after, () -> {
            assignments.forEach(shares::remove);
            drained.complete(null);
        });
        return drained;
    }

    @Override
    public void lost(Set<Assignment> assignments) {
        loop.execute(() -> assignments.forEach(shares::remove));
    }

    @Override
    public void failed(MessagingException cause) {
        throw cause;
    }

    private static final class Share {
        private final TreeMap<Long, ReceivedMessage> unfinished = new TreeMap<>();
        private long last;
    }
}
