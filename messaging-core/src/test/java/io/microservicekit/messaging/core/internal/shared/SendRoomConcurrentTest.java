package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Room and ids of a producer, asked for by several threads. */
class SendRoomConcurrentTest {
    private static final int TIMES = 5_000;
    private static final int MESSAGES = 3;
    private static final int BYTES = 100;

    private final SendRoom room = new SendRoom(MESSAGES, BYTES);
    private final Queue<Integer> held = new ConcurrentLinkedQueue<>();
    private final CountDownLatch takers = new CountDownLatch(Together.THREADS - 1);
    private final AtomicLong inside = new AtomicLong();
    private final AtomicLong bytesInside = new AtomicLong();
    private final AtomicLong most = new AtomicLong();
    private final AtomicLong mostBytes = new AtomicLong();
    private final AtomicLong waits = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final Semaphore wanted = new Semaphore(0);
    private final AtomicLong givenUp = new AtomicLong();

    /** A forgotten turn would end the test by its timeout; one that is given up may pass at the very moment it comes. */
    @Test
    void theBoundIsNeverPassedAndEachOneWhoWaitsGetsATurnOrLeavesWithoutTrace() throws Exception {
        Together.run(this::work);
        System.out.println(waits + " waits, " + givenUp + " of them given up");
        assertThat(waits.get()).as("waits; else this did not test").isGreaterThan(1_000);
        assertThat(givenUp.get()).as("waits given up; else this did not test").isPositive();
        assertThat(most.get()).isEqualTo(MESSAGES);
        assertThat(mostBytes.get()).isLessThanOrEqualTo(BYTES);
        assertThat(room.messages()).isZero();
        assertThat(room.tryTake(BYTES)).as("all bytes are free again").isTrue();
    }

    /**
     * One thread gives back what the others take, as a driver's thread does, but only while one of them waits: else it depends on the machine whether any ever does.
     */
    private void work(int thread) {
        if (thread > 0) {
            take(new SplittableRandom(thread));
            takers.countDown();
            return;
        }
        while (takers.getCount() > 0 || !held.isEmpty()) {
            awaitOneWhoWaits();
            while ((waiting.get() > 0 || takers.getCount() == 0) && giveBack()) {
                // The next one.
            }
        }
    }

    /** Or a moment: what a taker has and does not show yet is held a little later. */
    private void awaitOneWhoWaits() {
        try {
            boolean unused = wanted.tryAcquire(1, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean giveBack() {
        Integer bytes = held.poll();
        if (bytes == null) {
            return false;
        }
        bytesInside.addAndGet(-bytes);
        inside.decrementAndGet();
        room.free(bytes);
        return true;
    }

    private void take(SplittableRandom random) {
        for (int i = 0; i < TIMES; i++) {
            int bytes = random.nextInt(BYTES / 2);
            if (room.tryTake(bytes) || awaited(bytes, random)) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                mostBytes.accumulateAndGet(bytesInside.addAndGet(bytes), Math::max);
                held.add(bytes);
            }
        }
    }

    private boolean awaited(int bytes, SplittableRandom random) {
        waits.incrementAndGet();
        waiting.incrementAndGet();
        wanted.release();
        CompletableFuture<Boolean> turn = new CompletableFuture<>();
        SendRoom.Waiter waiter = room.lineUp(bytes, turn);
        boolean patient = random.nextInt(4) > 0;
        try {
            return turn.get(patient ? TimeUnit.SECONDS.toNanos(20) : random.nextInt(20_000), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (patient) {
                throw new AssertionError("no turn came", e);
            }
            givenUp.incrementAndGet();
            room.withdraw(waiter);
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            waiting.decrementAndGet();
        }
    }

    @Test
    void idsThatSeveralThreadsAskForAreAllDifferent() throws Exception {
        MessageIds ids = new MessageIds(new SplittableRandom(1));
        Set<String> made = ConcurrentHashMap.newKeySet();
        Together.run(thread -> {
            for (int i = 0; i < TIMES; i++) {
                made.add(ids.next());
            }
        });
        assertThat(made).hasSize(Together.THREADS * TIMES);
        assertThat(made).allMatch(id -> id.matches("[0-9a-f]{32}"));
    }
}
