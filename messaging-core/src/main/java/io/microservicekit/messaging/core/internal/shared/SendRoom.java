package io.microservicekit.messaging.core.internal.shared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many messages and bytes of a producer may be without an outcome at once. Taking and freeing room is one atomic step each while nobody waits.
 *
 * <p>Those who wait are let in first come, first served, and nobody who asks later passes them. A waiter is announced before it looks for room, and room is freed
 * before the announcement is looked for: so one of the two sees the other.
 */
public final class SendRoom {
    private static final int BYTE_BITS = 40;
    private static final long MOST_BYTES = (1L << BYTE_BITS) - 1;
    private static final long ONE_MESSAGE = 1L << BYTE_BITS;

    private final int maxMessages;
    private final long maxBytes;
    /** Both counts in one word: messages above, bytes below. */
    private final AtomicLong taken = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock; whether anybody waits is also read without it.
    private final Queue<Waiter> queue = new ArrayDeque<>();
    private boolean closed;
    private volatile boolean waiting;

    /** All free. A message with more bytes than there may be is let in alone. */
    public SendRoom(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = Math.min(maxBytes, MOST_BYTES);
    }

    /** Takes room for one message if there is some and nobody waits. */
    public boolean tryTake(long bytes) {
        return !waiting && takeIfFits(bytes);
    }

    private boolean takeIfFits(long bytes) {
        long size = size(bytes);
        while (true) {
            long now = taken.get();
            if (!fits(now, size)) {
                return false;
            }
            if (taken.compareAndSet(now, now + size)) {
                return true;
            }
        }
    }

    private boolean fits(long now, long size) {
        long messages = now >>> BYTE_BITS;
        long bytes = (now & MOST_BYTES) + (size & MOST_BYTES);
        return messages == 0 || (messages < maxMessages && bytes <= maxBytes);
    }

    private static long size(long bytes) {
        return ONE_MESSAGE + Math.min(bytes, MOST_BYTES);
    }

    /** Gives back what {@link #tryTake} or a waiter's turn gave for a message of so many bytes. */
    public void free(long bytes) {
        taken.addAndGet(-size(bytes));
        if (waiting) {
            letIn();
        }
    }

    /** Waits behind those who wait already. {@code turn} completes with true when room was taken for it, with false when this was closed. */
    public Waiter lineUp(long bytes, CompletableFuture<Boolean> turn) {
        Waiter waiter = new Waiter(bytes, turn);
        lock.lock();
        try {
            waiter.over = closed;
            if (!closed) {
                queue.add(waiter);
                waiting = true;
            }
        } finally {
            lock.unlock();
        }
        if (waiter.over) {
            turn.complete(false);
        } else {
            letIn();
        }
        return waiter;
    }

    /** Waits no more. Room that was given meanwhile is given back. */
    public void withdraw(Waiter waiter) {
        boolean hasRoom;
        lock.lock();
        try {
            hasRoom = waiter.hasRoom;
            waiter.hasRoom = false;
            queue.remove(waiter);
            waiting = !queue.isEmpty();
        } finally {
            lock.unlock();
        }
        if (hasRoom) {
            free(waiter.bytes);
        } else {
            letIn();
        }
    }

    private void letIn() {
        List<Waiter> admitted = new ArrayList<>();
        lock.lock();
        try {
            for (Waiter next = queue.peek(); next != null && takeIfFits(next.bytes); next = queue.peek()) {
                next.hasRoom = true;
                admitted.add(queue.remove());
            }
            waiting = !queue.isEmpty();
        } finally {
            lock.unlock();
        }
        admitted.forEach(waiter -> waiter.turn.complete(true));
    }

    /** Lets nobody wait any more: all turns end with false. */
    public void close() {
        List<Waiter> left;
        lock.lock();
        try {
            closed = true;
            left = new ArrayList<>(queue);
            queue.clear();
            waiting = false;
        } finally {
            lock.unlock();
        }
        left.forEach(waiter -> waiter.turn.complete(false));
    }

    /** How many messages have room at present. */
    public long messages() {
        return taken.get() >>> BYTE_BITS;
    }

    /** Somebody who waits. */
    public static final class Waiter {
        private final long bytes;
        private final CompletableFuture<Boolean> turn;

        // Guarded by the lock of the room.
        private boolean hasRoom;
        private boolean over;

        private Waiter(long bytes, CompletableFuture<Boolean> turn) {
            this.bytes = bytes;
            this.turn = turn;
        }
    }
}
