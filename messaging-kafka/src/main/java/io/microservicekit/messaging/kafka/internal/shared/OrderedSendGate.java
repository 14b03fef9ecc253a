package io.microservicekit.messaging.kafka.internal.shared;

import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends without blocking and in order. How much may wait is for the caller to bound. While the driver takes messages at once, the caller's thread hands them over and nothing is locked. A message
 * for which it would block waits in the first-in-first-out queue of its topic, and while that is not empty all messages of the topic go through it.
 *
 * <p>Only the loop takes messages out of a queue, and the head leaves it after the driver took it: so a thread that sent a message which still waits
 * finds the queue not empty, and its next message cannot overtake.
 */
public final class OrderedSendGate {
    private static final Duration FIRST_RETRY = Duration.ofMillis(1);
    private static final Duration LAST_RETRY = Duration.ofMillis(20);
    /** How many messages of a topic are handed over before the next topic, and whatever else the loop has to do, has its turn. */
    private static final int MOST_AT_ONCE = 256;

    private final SendDriver driver;
    private final BiFunction<String, Refusal, MessagingException> reasons;
    private final Loop loop;
    private final LongSupplier nanoTime;
    private final Endings endings = new Endings();
    private final Object lock = new Object();

    // Guarded by lock; whether anything waits, and whether that is being drained, is also read without it.
    private final Map<String, Queue<PendingSend>> queues = new LinkedHashMap<>();
    private @Nullable PendingSend trying;
    private int waiting;
    private volatile boolean draining;
    private boolean closed;
    private volatile boolean blocked;

    // Touched on the loop only.
    private Duration retry = FIRST_RETRY;
    private boolean looked;
    private long lookedNanos;
    private @Nullable Runnable whenEmpty;
    private Loop.@Nullable Timer limitOfClose;

    /** Over a driver; what it refuses itself ends with a reason made from the topic. Its queues are drained on the loop. */
    public OrderedSendGate(
            SendDriver driver,
            BiFunction<String, Refusal, MessagingException> reasons,
            Loop loop,
            LongSupplier nanoTime) {
        this.driver = driver;
        this.reasons = reasons;
        this.loop = loop;
        this.nanoTime = nanoTime;
    }

    /** Sends a message. Never blocks, never throws. */
    public void send(PendingSend send) {
        if (mustWait(send.topic()) || !driver.trySend(send)) {
            enqueue(send);
        }
    }

    /**
     * Takes no more messages into the queues, drains them up to the limit, ends the rest as not delivered, and then runs a task on the loop. Called
     * again it has the new limit and task; the earlier task does not run any more, unless it has run already.
     */
    public void close(Duration limit, Runnable then) {
        synchronized (lock) {
            closed = true;
        }
        loop.execute(() -> {
            resume();
            whenEmpty = then;
            if (limitOfClose != null) {
                limitOfClose.cancel();
            }
            endAllAfter(limit);
            finishClose();
        });
    }

    private void endAllAfter(Duration limit) {
        try {
            limitOfClose = loop.schedule(limit, this::endAll);
        } catch (OutOfMemoryError e) {
            limitOfClose = null; // what waits by then is given up a little later
        }
    }

    /** Drains what waits where that has come to an end: there was no memory to schedule it. For whoever comes by, from any thread. */
    public void resume() {
        if (blocked && !draining && beginsToDrain()) {
            drainAfter(FIRST_RETRY);
        }
    }

    private boolean beginsToDrain() {
        synchronized (lock) {
            boolean begins = waiting > 0 && !draining;
            draining |= begins;
            return begins;
        }
    }

    private boolean mustWait(String topic) {
        if (!blocked) {
            return false;
        }
        resume();
        synchronized (lock) {
            return queues.containsKey(topic);
        }
    }

    private void enqueue(PendingSend send) {
        boolean refused;
        boolean startDrain = false;
        send.waits();
        synchronized (lock) {
            refused = closed;
            if (!refused) {
                queues.computeIfAbsent(send.topic(), topic -> new ArrayDeque<>())
                        .add(send);
                count(1);
                startDrain = !draining;
                draining = true;
            }
        }
        if (refused) {
            refuse(send, Refusal.CLOSED);
        } else if (startDrain) {
            drainAfter(FIRST_RETRY);
        }
    }

    private void count(int messages) {
        waiting += messages;
        blocked = waiting > 0;
    }

    /** One round over all queues. On the loop. */
    private void drain() {
        Duration pause = LAST_RETRY;
        try {
            pause = round();
        } finally {
            if (goOn()) {
                drainAfter(pause);
            }
            finishClose();
        }
    }

    private void drainAfter(Duration pause) {
        try {
            loop.schedule(pause, this::drain);
        } catch (OutOfMemoryError e) {
            synchronized (lock) {
                draining = false; // until somebody resumes it
            }
        }
    }

    private boolean goOn() {
        synchronized (lock) {
            draining = waiting > 0;
            return draining;
        }
    }

    /** How long to wait before the next one: not at all while a topic has more that the driver would take. */
    private Duration round() {
        boolean expires = isTimeToLook();
        int most = 0;
        for (String topic : topics()) {
            if (expires || isHeadOver(topic)) {
                endExpired(topic);
            }
            most = Math.max(most, drain(topic));
        }
        retry = most > 0 ? FIRST_RETRY : shorter(retry.multipliedBy(2), LAST_RETRY);
        return most == MOST_AT_ONCE ? Duration.ZERO : retry;
    }

    /** What has expired is looked for among all that wait: too much for each of many rounds without a pause. */
    private boolean isTimeToLook() {
        long now = nanoTime.getAsLong();
        if (looked && now - lookedNanos < LAST_RETRY.toNanos()) {
            return false;
        }
        looked = true;
        lookedNanos = now;
        return true;
    }

    /** It would be handed over, and its end then be unknown. */
    private boolean isHeadOver(String topic) {
        synchronized (lock) {
            Queue<PendingSend> queue = queues.get(topic);
            PendingSend head = queue == null ? null : queue.peek();
            return head != null && head.remainingNanos(nanoTime.getAsLong()) <= 0;
        }
    }

    /** How many the driver has taken. */
    private int drain(String topic) {
        int taken = 0;
        PendingSend head = head(topic);
        while (head != null && driver.trySend(head)) {
            removeHead(topic);
            taken++;
            head = taken < MOST_AT_ONCE ? head(topic) : null;
        }
        letGo();
        return taken;
    }

    private List<String> topics() {
        synchronized (lock) {
            return new ArrayList<>(queues.keySet());
        }
    }

    private @Nullable PendingSend head(String topic) {
        synchronized (lock) {
            Queue<PendingSend> queue = queues.get(topic);
            trying = queue == null ? null : queue.peek();
            return trying;
        }
    }

    private void letGo() {
        synchronized (lock) {
            trying = null;
        }
    }

    private void removeHead(String topic) {
        synchronized (lock) {
            Queue<PendingSend> queue = queues.get(topic);
            if (queue != null) { // else all were given up meanwhile
                queue.remove();
                count(-1);
                removeIfEmpty(topic, queue);
            }
        }
    }

    private void removeIfEmpty(String topic, Queue<PendingSend> queue) {
        if (queue.isEmpty()) {
            queues.remove(topic);
        }
    }

    private void endExpired(String topic) {
        long now = nanoTime.getAsLong();
        List<PendingSend> expired = new ArrayList<>();
        synchronized (lock) {
            Queue<PendingSend> queue = queues.get(topic);
            if (queue != null) {
                take(queue, now, expired);
                removeIfEmpty(topic, queue);
            }
        }
        expired.forEach(send -> refuseLater(send, Refusal.EXPIRED));
        endings.tellAll();
    }

    private void take(Queue<PendingSend> queue, long now, List<PendingSend> expired) {
        for (Iterator<PendingSend> all = queue.iterator(); all.hasNext(); ) {
            PendingSend send = all.next();
            if (send.remainingNanos(now) <= 0) {
                all.remove();
                count(-1);
                expired.add(send);
            }
        }
    }

    private void endAll() {
        List<PendingSend> left = new ArrayList<>();
        synchronized (lock) {
            queues.values().forEach(left::addAll);
            queues.clear();
            count(-waiting);
        }
        left.forEach(send -> refuseLater(send, Refusal.CUT_OFF));
        endings.tellAll();
        finishClose();
    }

    /**
     * After {@link #close}, when the loop may hang: nothing waits any more, and what nobody has told yet is left to {@link #endings()}. One message may be
     * with the driver this moment, so that its outcome is not known. From any thread.
     */
    public void giveUp(Consumer<PendingSend> abandoning) {
        List<PendingSend> left = new ArrayList<>();
        PendingSend withDriver;
        synchronized (lock) {
            queues.values().forEach(left::addAll);
            queues.clear();
            count(-waiting);
            withDriver = trying;
        }
        for (PendingSend send : left) {
            if (send == withDriver) {
                endings.add(() -> abandoning.accept(send));
            } else {
                refuseLater(send, Refusal.CUT_OFF);
            }
        }
    }

    /** What is decided and not told yet. */
    public Endings endings() {
        return endings;
    }

    private void refuseLater(PendingSend send, Refusal refusal) {
        MessagingException reason = reasons.apply(send.topic(), refusal);
        endings.add(() -> send.refused(reason));
    }

    private void refuse(PendingSend send, Refusal refusal) {
        send.refused(reasons.apply(send.topic(), refusal));
    }

    private void finishClose() {
        Runnable then = whenEmpty;
        if (then != null && !blocked) {
            whenEmpty = null;
            if (limitOfClose != null) { // else there was no memory to schedule it
                limitOfClose.cancel();
            }
            then.run();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
