package io.microservicekit.messaging.rabbitmq.internal.consume;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import io.microservicekit.messaging.api.spi.Assignment;
import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.Loop;
import io.microservicekit.messaging.testkit.SimulatedRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Behaves as the engine does, at random, and keeps the books by which the adapter is judged. On a loop of its own. */
final class RandomEngine implements BackendListener {
    private final Loop loop;
    private final SimulatedRuntime runtime;
    private final SplittableRandom random;
    private final ScriptedBroker broker;
    private final int window;
    private final boolean shrinks;
    private final Set<String> finished = new LinkedHashSet<>();
    final List<String> violations = new ArrayList<>();
    final Map<String, Integer> reached = new TreeMap<>();
    final Set<Long> handled = new LinkedHashSet<>();
    private @Nullable RabbitMqConsumer consumer;
    private @Nullable Session current;
    private boolean paused;
    private int holdPercent = 15;

    /** What it knows of one assignment. */
    private static final class Session {
        final Assignment assignment;
        final TreeMap<Long, Long> unfinished = new TreeMap<>();
        final TreeSet<Long> held = new TreeSet<>();
        final TreeSet<Long> released = new TreeSet<>();
        final TreeSet<Long> news = new TreeSet<>();
        long lastTag;
        long lastNumber;
        int mostHeld;
        boolean everReleased;
        boolean leaving;

        Session(Assignment assignment) {
            this.assignment = assignment;
        }

        /** What may be open beside the window: what was sent to consumers that are ended, too. */
        int afterRelease(int window) {
            return everReleased ? window + released.size() : 0;
        }

        long watermark() {
            return unfinished.isEmpty() ? lastTag : unfinished.firstKey() - 1;
        }
    }

    /** @param shrinks whether what is no longer held makes the window small again at once */
    RandomEngine(ScriptedBroker broker, int window, boolean shrinks) {
        this.shrinks = shrinks;
        this.runtime = broker.runtime;
        this.broker = broker;
        this.window = window;
        this.loop = runtime.loop("engine");
        this.random = runtime.random("engine");
        broker.audit = this::audit;
    }

    void consumer(RabbitMqConsumer opened) {
        consumer = opened;
    }

    void holdPercent(int percent) {
        holdPercent = percent;
    }

    private RabbitMqConsumer consumer() {
        return Objects.requireNonNull(consumer);
    }

    private void mark(String situation) {
        reached.merge(situation, 1, Integer::sum);
    }

    private void audit(long number, String consumerTag) {
        String epoch = consumerTag.substring(consumerTag.indexOf("-") + 1).split("-", -1)[0];
        if (!finished.contains(epoch + ":" + number)) {
            violations.add("message " + number + " was acknowledged on the channel of epoch " + epoch
                    + ", where it is not finished");
        }
    }

    private Duration upTo(int millis) {
        return Duration.ofMillis(random.nextInt(millis));
    }

    // Reports of the adapter.

    @Override
    public void ready() {
        loop.execute(() -> mark("ready"));
    }

    @Override
    public void assigned(Set<Assignment> assignments) {
        loop.execute(() -> {
            if (current != null) {
                violations.add("assigned " + assignments + " beside " + current.assignment);
            }
            current = new Session(assignments.iterator().next());
            if (paused) {
                mark("assigned while paused");
                consumer().pause(assignments);
            }
        });
    }

    @Override
    public void delivered(Assignment assignment, List<ReceivedMessage> messages) {
        loop.execute(() -> {
            Session session = at(assignment);
            if (session == null || session.leaving) {
                violations.add("delivered " + assignment + " after it was gone, or told to go");
                return;
            }
            messages.forEach(message -> received(session, message));
            bound(session);
        });
    }

    private @Nullable Session at(Assignment assignment) {
        Session session = current;
        return session != null && session.assignment.equals(assignment) ? session : null;
    }

    private void received(Session session, ReceivedMessage message) {
        long tag = message.position().tag();
        long number = Long.parseLong(String.valueOf(message.valueText()));
        if (tag <= session.lastTag || number <= session.lastNumber) {
            violations.add("out of order: " + number + " by tag " + tag + " after " + session.lastNumber + " by tag "
                    + session.lastTag);
        }
        session.lastTag = tag;
        session.lastNumber = number;
        session.unfinished.put(tag, number);
        if (random.nextInt(100) < holdPercent) {
            loop.schedule(upTo(50), () -> hold(session, tag));
        } else {
            loop.schedule(upTo(200), () -> finish(session, tag));
        }
    }

    /** What is neither held nor finished; one whose hold was released counts again, and may come on top. */
    private void bound(Session session) {
        int open = session.unfinished.size() - session.held.size();
        int most = window + (shrinks ? session.afterRelease(window) : session.mostHeld);
        if (open > most) {
            violations.add(open + " deliveries are neither held nor finished, the window is " + window);
        }
    }

    private boolean isOpen(Session session, long tag) {
        return session == current && session.unfinished.containsKey(tag);
    }

    private void hold(Session session, long tag) {
        if (isOpen(session, tag) && !session.leaving) {
            session.released.remove(tag);
            session.held.add(tag);
            session.mostHeld = Math.max(session.mostHeld, session.held.size());
            mark("held");
            consumer().hold(session.assignment, tag);
            loop.schedule(upTo(4000), () -> release(session, tag));
        }
    }

    private void release(Session session, long tag) {
        if (isOpen(session, tag)) {
            session.held.remove(tag);
            session.released.add(tag);
            session.everReleased = true;
            consumer().release(session.assignment, tag);
            if (random.nextInt(4) == 0) {
                loop.schedule(upTo(50), () -> hold(session, tag));
            } else {
                loop.schedule(upTo(50), () -> finish(session, tag));
            }
        }
    }

    private void finish(Session session, long tag) {
        if (!isOpen(session, tag)) {
            mark("finished too late");
            // The engine may do so while the news of the loss is on its way; it must have no effect.
            consumer().acknowledge(session.assignment, session.lastTag, new long[0]);
            return;
        }
        long number = Objects.requireNonNull(session.unfinished.remove(tag));
        session.released.remove(tag);
        handled.add(number);
        finished.add(session.assignment.epoch() + ":" + number);
        session.news.add(tag);
        if (random.nextInt(3) > 0) {
            acknowledge(session);
        } else {
            loop.schedule(upTo(20), () -> acknowledge(session));
        }
    }

    private void acknowledge(Session session) {
        if (session != current || session.news.isEmpty()) {
            return;
        }
        long watermark = session.watermark();
        session.news.headSet(watermark, true).clear();
        long[] also = session.news.stream().mapToLong(Long::longValue).toArray();
        session.news.clear();
        consumer().acknowledge(session.assignment, watermark, also);
    }

    @Override
    public void acknowledged(Assignment assignment, long upTo) {
        loop.execute(() -> mark("acknowledged"));
    }

    @Override
    public CompletableFuture<Void> revoked(Set<Assignment> assignments, Duration limit) {
        CompletableFuture<Void> letGo = runtime.future();
        loop.execute(() -> {
            Session session = at(assignments.iterator().next());
            if (session == null) {
                letGo.complete(null);
                return;
            }
            mark("revoked");
            session.leaving = true;
            loop.schedule(Duration.ofMillis(random.nextLong(limit.toMillis())), () -> {
                acknowledge(session);
                if (session == current) {
                    current = null;
                }
                letGo.complete(null);
            });
        });
        return letGo;
    }

    @Override
    public void lost(Set<Assignment> assignments) {
        loop.execute(() -> {
            mark("lost");
            if (at(assignments.iterator().next()) != null) {
                current = null;
            }
        });
    }

    @Override
    public void failed(MessagingException cause) {
        violations.add("failed: " + cause.getMessage());
    }

    // What it does by itself.

    void recycle() {
        loop.execute(() -> {
            if (current != null && !current.leaving) {
                mark("recycled");
                consumer().recycle(current.assignment, "at random");
            }
        });
    }

    void pause(boolean wanted) {
        loop.execute(() -> {
            paused = wanted;
            Session session = current;
            if (session != null && wanted) {
                mark("paused");
                consumer().pause(Collections.singleton(session.assignment));
            } else if (session != null) {
                consumer().resume(Collections.singleton(session.assignment));
            }
        });
    }

    /** What was acknowledged before is at the broker once the flush ends well. */
    void flush() {
        loop.execute(() -> {
            Session session = current;
            if (session == null || session.leaving) {
                return;
            }
            acknowledge(session);
            Map<String, Long> before = new LinkedHashMap<>();
            finished.forEach(each -> {
                String[] parts = each.split(":", -1);
                if (Long.parseLong(parts[0]) == session.assignment.epoch()) {
                    before.put(each, Long.parseLong(parts[1]));
                }
            });
            CompletableFuture<?> unused = consumer().flush(session.assignment).whenComplete((taken, error) -> {
                mark(error == null ? "flushed" : "flush failed");
                if (error == null && !broker.acknowledged.containsAll(before.values())) {
                    violations.add("a flush ended well before the broker had taken everything");
                }
            });
        });
    }
}
