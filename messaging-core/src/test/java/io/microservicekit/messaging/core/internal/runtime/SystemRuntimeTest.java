package io.microservicekit.messaging.core.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.spi.ClientRuntime;
import io.microservicekit.messaging.api.spi.ClientRuntime.Place;
import io.microservicekit.messaging.api.spi.HandlerPool;
import io.microservicekit.messaging.api.spi.Loop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemRuntimeTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ClientRuntime runtime =
            new SystemRuntime(null, System.getLogger("SystemRuntimeTest")).scope("client-under-test");

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void aLoopRunsTasksOneAfterTheOtherInTheirOrder() throws Exception {
        Loop loop = runtime.loop("order");
        List<Integer> ran = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> done = runtime.future();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            loop.execute(() -> ran.add(number));
        }
        loop.execute(() -> done.complete(null));
        runtime.await(done, LONG);
        assertThat(ran).hasSize(1000).isSorted();
    }

    @Test
    void aTaskThatThrowsDoesNotEndItsLoop() throws Exception {
        Loop loop = runtime.loop("robust");
        CompletableFuture<String> after = runtime.future();
        loop.execute(() -> {
            throw new IllegalStateException("planted");
        });
        loop.execute(() -> after.complete(Thread.currentThread().getName()));
        assertThat(runtime.await(after, LONG)).isEqualTo("client-under-test-robust");
    }

    @Test
    void aCancelledTimerNeverRunsAndOthersRunNotBeforeTheirTime() throws Exception {
        Loop loop = runtime.loop("timers");
        CompletableFuture<Long> ran = runtime.future();
        CompletableFuture<Void> cancelledRan = runtime.future();
        long start = runtime.nanoTime();
        loop.execute(
                () -> { // which runs no timer meanwhile, however long this takes
                    loop.schedule(Duration.ofMillis(10), () -> cancelledRan.complete(null))
                            .cancel();
                    loop.schedule(Duration.ofMillis(30), () -> ran.complete(runtime.nanoTime()));
                });
        assertThat(runtime.await(ran, LONG) - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
        assertThat(cancelledRan).isNotDone();
    }

    @Test
    void waitingOnALoopOrAnIoThreadFailsAtOnceInsteadOfWaitingForItself() throws Exception {
        CompletableFuture<Void> never = runtime.future();
        CompletableFuture<Throwable> onLoop = runtime.future();
        CompletableFuture<Throwable> onIo = runtime.future();
        runtime.loop("waiting").execute(() -> onLoop.complete(failureOf(never)));
        runtime.ioThread("driver", () -> onIo.complete(failureOf(never)));
        assertThat(runtime.await(onLoop, LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("client-under-test-waiting");
        assertThat(runtime.await(onIo, LONG))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("client-under-test-driver");
    }

    @Test
    void aThreadOfADriverCountsAsOneAsLongAsItCallsBackAndIsAsBeforeAfterwards() {
        List<Place> places = new CopyOnWriteArrayList<>();
        runtime.onIo(() -> {
            places.add(runtime.place());
            runtime.onIo(() -> places.add(runtime.place()));
            places.add(runtime.place());
            assertThat(failureOf(runtime.future()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(Thread.currentThread().getName());
        });
        assertThat(places).containsExactly(Place.IO, Place.IO, Place.IO);
        assertThat(runtime.place()).isEqualTo(Place.OUTSIDE);
        assertThatThrownBy(() -> runtime.onIo(() -> {
                    throw new IllegalStateException("planted");
                }))
                .hasMessage("planted");
        assertThat(runtime.place()).isEqualTo(Place.OUTSIDE);
    }

    @Test
    void aRuntimeThatIsClosedInACallbackOfADriverDoesNotWaitForItsThreads() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        runtime.loop("held").execute(() -> {
            started.countDown();
            awaitUninterruptibly(held);
        });
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        runtime.onIo(runtime::close);
        assertThat(threadsOf("client-under-test-held")).hasSize(1);
        held.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        for (boolean waiting = true; waiting; ) {
            try {
                latch.await();
                waiting = false;
            } catch (InterruptedException again) {
                waiting = true;
            }
        }
    }

    private Throwable failureOf(CompletableFuture<Void> future) {
        try {
            runtime.await(future, LONG);
            return new AssertionError("waited");
        } catch (Exception e) {
            return e;
        }
    }

    @Test
    void waitingOutsideEndsWithTheLimit() {
        assertThat(runtime.place()).isEqualTo(Place.OUTSIDE);
        assertThatThrownBy(() -> runtime.await(runtime.future(), Duration.ofMillis(5)))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void handlersMayWaitAndAreNamedAfterClientAndGroup() throws Exception {
        HandlerPool handlers = runtime.handlers("orders", 2);
        CompletableFuture<String> name = runtime.future();
        CompletableFuture<Place> place = runtime.future();
        handlers.execute(() -> {
            place.complete(runtime.place());
            name.complete(Thread.currentThread().getName());
        });
        assertThat(runtime.await(name, LONG)).isEqualTo("client-under-test-orders-handler-1");
        assertThat(runtime.await(place, LONG)).isEqualTo(Place.HANDLER);
    }

    @Test
    void aPoolNeverRunsMoreHandlersThanItWasAskedFor() throws Exception {
        HandlerPool handlers = runtime.handlers("bounded", 3);
        CountDownLatch three = new CountDownLatch(3);
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            handlers.execute(() -> {
                three.countDown();
                awaitQuietly(open);
                all.countDown();
            });
        }
        assertThat(three.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(threadsOf("client-under-test-bounded")).hasSize(3);
        open.countDown();
        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDriversThreadThatNobodyCanEndIsNotWaitedForAndKeepsNoProgramAlive() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        Thread resolving = runtime.ioThread("open", () -> awaitUninterruptibly(answered));
        long begin = System.nanoTime();

        runtime.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG);
        assertThat(resolving.isAlive()).isTrue();
        assertThat(resolving.isDaemon()).isTrue();
        answered.countDown();
        resolving.join(20_000);
        assertThat(resolving.isAlive()).isFalse();
    }

    @Test
    void closingEndsAllThreadsAlsoThoseOfAHangingHandler() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        runtime.handlers("hanging", 1).execute(() -> {
            started.countDown();
            awaitQuietly(new CountDownLatch(1));
        });
        runtime.loop("idle").execute(() -> {});
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(threadsOf("client-under-test")).isNotEmpty();
        runtime.close();
        assertThat(threadsOf("client-under-test")).isEmpty();
    }

    @Test
    void whatIsGivenToAClosedLoopOrPoolIsDroppedSilently() {
        Loop loop = runtime.loop("closed");
        HandlerPool handlers = runtime.handlers("closed", 1);
        runtime.close();
        loop.execute(() -> {});
        loop.schedule(Duration.ZERO, () -> {}).cancel();
        handlers.execute(() -> {});
        assertThat(threadsOf("client-under-test")).isEmpty();
    }

    @Test
    void aClosedRuntimeRefusesToStartAnythingLoudly() {
        runtime.close();
        assertThatThrownBy(() -> runtime.loop("late")).satisfies(SystemRuntimeTest::isClientClosed);
        assertThatThrownBy(() -> runtime.handlers("late", 1)).satisfies(SystemRuntimeTest::isClientClosed);
        assertThatThrownBy(() -> runtime.ioThread("late", () -> {})).satisfies(SystemRuntimeTest::isClientClosed);
        assertThat(threadsOf("client-under-test")).isEmpty();
    }

    private static void isClientClosed(Throwable error) {
        assertThat(MessagingException.is(error, ErrorCode.CLIENT_CLOSED)).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> threadsOf(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
