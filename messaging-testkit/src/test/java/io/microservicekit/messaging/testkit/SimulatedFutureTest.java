package io.microservicekit.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SimulatedFutureTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedRuntime sim = SimulatedRuntime.seeded(Long.getLong("seed", 1));

    @AfterEach
    void close() {
        sim.close();
    }

    private CompletableFuture<String> in(Duration delay) {
        CompletableFuture<String> future = sim.future();
        sim.loop("completer").schedule(delay, () -> future.complete("done"));
        return future;
    }

    @Test
    void theTestThreadWaitsInVirtualTimeAndNoLongerThanNeeded() throws Exception {
        sim.loop("later").schedule(Duration.ofHours(5), () -> {});
        assertThat(sim.await(in(Duration.ofHours(2)), Duration.ofHours(3))).isEqualTo("done");
        assertThat(sim.elapsed()).isEqualTo(Duration.ofHours(2));
        assertThat(in(SECOND).join()).isEqualTo("done");
        assertThat(in(SECOND).get()).isEqualTo("done");
        assertThat(in(SECOND).get(1, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(sim.elapsed()).isEqualTo(Duration.ofHours(2).plusSeconds(3));
    }

    @Test
    void dependentsWaitInVirtualTimeToo() throws Exception {
        assertThat(in(SECOND)
                        .thenApply(text -> text + "!")
                        .thenCompose(text -> in(SECOND))
                        .join())
                .isEqualTo("done");
        assertThat(in(SECOND).thenCombine(in(SECOND), (a, b) -> a + b).get(Long.MAX_VALUE, TimeUnit.DAYS))
                .isEqualTo("donedone");
        assertThat(in(SECOND).thenApplyAsync(text -> text + sim.place()).join()).isEqualTo("doneHANDLER");
        assertThat(sim.elapsed()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void aLimitEndsAWaitAtItsExactVirtualTime() {
        CompletableFuture<String> late = in(Duration.ofSeconds(9));
        assertThatThrownBy(() -> sim.await(late, SECOND)).isInstanceOf(TimeoutException.class);
        assertThat(sim.elapsed()).isEqualTo(SECOND);
        assertThatThrownBy(() -> late.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() ->
                        in(Duration.ofSeconds(7)).orTimeout(1, TimeUnit.SECONDS).join())
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(in(Duration.ofSeconds(7))
                        .completeOnTimeout("else", 1, TimeUnit.SECONDS)
                        .join())
                .isEqualTo("else");
        assertThat(sim.elapsed()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void failuresArriveAsTheContractOfFuturesSays() {
        CompletableFuture<String> failed = sim.future();
        sim.loop("loop").execute(() -> failed.completeExceptionally(new IllegalArgumentException("no")));
        assertThatThrownBy(() -> sim.await(failed, SECOND))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("no");
        assertThatThrownBy(failed::join).isInstanceOf(CompletionException.class).hasRootCauseMessage("no");
        CompletableFuture<String> cancelled = sim.future();
        cancelled.cancel(false);
        assertThatThrownBy(() -> sim.await(cancelled, SECOND)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void aWaitThatCanNeverEndFailsAtOnceAndNamesWhatIsPending() {
        CompletableFuture<String> never = sim.future();
        sim.scope("orders").handlers("group", 1_000).execute(never::join);
        for (int round = 0; round < 2; round++) {
            assertThatThrownBy(() -> sim.await(never, SECOND))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("never end")
                    .hasMessageContaining("handler orders/group#1 waits for a future since t=0 without a limit");
        }
        assertThatThrownBy(() -> sim.drain(SECOND)).hasMessageContaining("orders/group#1");
        assertThat(sim.elapsed()).isZero();
    }

    @Test
    void aWaitWithoutLimitIsNotKeptAliveByHousekeeping() {
        housekeep(sim.loop("keeper"));
        CompletableFuture<String> never = sim.future();
        assertThatThrownBy(never::join)
                .hasMessageContaining("never end")
                .hasMessageContaining("housekeeping timer of loop keeper");
        assertThatThrownBy(() -> sim.await(never, SECOND)).isInstanceOf(TimeoutException.class);
    }

    private static void housekeep(io.microservicekit.messaging.api.spi.Loop loop) {
        loop.housekeeping(SECOND, () -> housekeep(loop));
    }

    @Test
    void aWaitOnALoopFailsAtOnce() {
        List<Throwable> thrown = new ArrayList<>();
        CompletableFuture<String> future = sim.future();
        sim.loop("loop").execute(() -> {
            thrown.add(catchThrowable(() -> sim.await(future, SECOND)));
            thrown.add(catchThrowable(future::join));
            thrown.add(catchThrowable(() -> sim.await(CompletableFuture.completedFuture("done"), SECOND)));
        });
        sim.settle();
        assertThat(thrown).hasSize(3).allMatch(IllegalStateException.class::isInstance);
    }

    @Test
    void anInterruptEndsAWaitOfTheTestThreadButNotAJoin() throws Exception {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> sim.await(in(SECOND), SECOND)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThat(in(SECOND).join()).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
    }
}
