package io.microservicekit.messaging.rabbitmq.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads of the link: {@link BlockingWorker}, and what closes a socket from outside: {@link Attempts}, {@link CapturedSocket}, {@link FrameLimit}, and what the reading thread notes: {@link LastFrame}. */
class BlockingWorkerConcurrentTest {
    private final WorkerThreads threads = new WorkerThreads();

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void tasksOfEachThreadRunInOrderOneAtATime() throws InterruptedException {
        BlockingWorker worker = new BlockingWorker(threads, "worker");
        List<String> ran = new ArrayList<>();
        List<Thread> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            int number = sender;
            senders.add(threads.ioThread("sender", () -> {
                for (int i = 0; i < 2_000; i++) {
                    int task = i;
                    worker.execute(() -> ran.add(number + "-" + task));
                }
            }));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        CountDownLatch all = new CountDownLatch(1);
        worker.execute(all::countDown);
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(ran).hasSize(8_000);
        for (int sender = 0; sender < 4; sender++) {
            String prefix = sender + "-";
            List<String> own =
                    ran.stream().filter(task -> task.startsWith(prefix)).toList();
            assertThat(own.get(0)).isEqualTo(prefix + 0);
            assertThat(own.get(1_999)).isEqualTo(prefix + 1_999);
        }
    }

    @Test
    void aTaskIsNotForgottenAtTheMomentTheWorkerFallsIdle() throws InterruptedException {
        BlockingWorker worker = new BlockingWorker(threads, "worker");
        for (int i = 0; i < 5_000; i++) {
            CountDownLatch ran = new CountDownLatch(1);
            worker.execute(ran::countDown);
            assertThat(ran.await(30, TimeUnit.SECONDS))
                    .as("the worker was not woken")
                    .isTrue();
        }
    }

    @Test
    void aTaskThatThrowsIsNotTheEndOfThoseAfterIt() throws InterruptedException {
        BlockingWorker worker = new BlockingWorker(threads, "worker");
        CountDownLatch ran = new CountDownLatch(1);
        worker.execute(() -> {
            throw new StackOverflowError("of a task");
        });
        worker.execute(ran::countDown);
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(threads.uncaught).hasSize(1).first().isInstanceOf(StackOverflowError.class);
    }

    @Test
    void aThreadThatCannotBeStartedIsTriedAgainWithTheNextTask() throws InterruptedException {
        BlockingWorker worker = new BlockingWorker(threads, "worker");
        List<String> ran = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(1);
        threads.withoutThread.set(1);
        assertThatThrownBy(() -> worker.execute(() -> ran.add("refused"))).isInstanceOf(InternalError.class);
        worker.execute(() -> ran.add("taken"));
        worker.execute(all::countDown);
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly("taken");
    }

    @Test
    void aTaskThatComesWhileTheThreadCannotBeStartedIsNotLeftBehind() throws InterruptedException {
        BlockingWorker worker = new BlockingWorker(threads, "worker");
        CountDownLatch ran = new CountDownLatch(1);
        Thread other = new Thread(() -> worker.execute(ran::countDown));
        threads.withoutThread.set(1);
        threads.beforeRefusal = () -> {
            other.start();
            await().until(() -> other.getState() == Thread.State.BLOCKED || !other.isAlive());
        };
        assertThatThrownBy(() -> worker.execute(() -> {})).isInstanceOf(InternalError.class);
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void afterTheCloseItsThreadEndsWhenItsTasksHaveRun() {
        BlockingWorker worker = new BlockingWorker(threads, "worker");
        ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
        worker.execute(() -> ran.add("before"));
        worker.close();
        worker.execute(() -> ran.add("after"));
        await().until(() -> threads.alive() == 0);
        assertThat(ran).containsExactly("before");
    }

    @Test
    void aSocketIsClosedInWhateverOrderItsOwnerAndTheCloseCome() throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            Attempts attempts = new Attempts();
            RecordingSocket socket = new RecordingSocket();
            Thread closer = threads.ioThread("closer", attempts::close);
            attempts.begin().made(socket);
            closer.join();
            assertThat(socket.isClosed()).isTrue();
            assertThat(socket.lingers())
                    .as("a close that waits for the writer does not end it")
                    .isZero();
        }
    }

    @Test
    void aConnectionThatWasMadeIsNotClosedWithTheAttempts() {
        Attempts attempts = new Attempts();
        RecordingSocket socket = new RecordingSocket();
        attempts.begin().made(socket);
        attempts.succeeded();
        attempts.close();
        assertThat(socket.isClosed()).isFalse();
    }

    @Test
    void theLimitOfFramesIsSeenByOtherThreads() throws InterruptedException {
        FrameLimit limit = new FrameLimit();
        assertThat(limit.bytes()).isEqualTo(131_072);
        threads.ioThread("loop", () -> limit.negotiated(4_096)).join();
        assertThat(limit.bytes()).isEqualTo(4_096);
    }

    @Test
    void whatTheReadingThreadNotesIsSeenByOtherThreads() throws InterruptedException {
        LastFrame last = new LastFrame();
        assertThat(last.channel()).isZero();
        threads.ioThread("driver", () -> last.of(3)).join();
        assertThat(last.channel()).isEqualTo(3);
        assertThat(last.heard()).isEqualTo(1);
        threads.ioThread("driver", () -> last.of(0)).join();
        assertThat(last.heard()).as("a heartbeat").isEqualTo(1);
    }
}
