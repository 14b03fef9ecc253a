package io.microservicekit.messaging.testkit.junit.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link NodeObserver} with a shell in the place of the Erlang node. */
@Timeout(60)
class NodeObserverConcurrentTest {
    private static final int THREADS = 4;
    private static final int QUESTIONS = 200;

    private final NodeObserver observer = new NodeObserver(new ProcessBuilder("sh", "-c", """
            while read -r host; do
                case $host in
                unknown) echo "error it does not exist" ;;
                die) exit 1 ;;
                *) echo "$host-first"; echo "$host-second"; echo end ;;
                esac
            done
            """));

    @AfterEach
    void close() {
        observer.close();
    }

    @Test
    void eachOfSeveralThreadsGetsTheAnswerToItsOwnQuestion() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                String host = "host-" + thread;
                all.add(threads.submit(() -> {
                    for (int i = 0; i < QUESTIONS; i++) {
                        assertThat(observer.queues(host)).containsExactly(host + "-first", host + "-second");
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anErrorEndsOneQuestionAndTheEndOfTheProcessIsFollowedByAnother() {
        assertThatThrownBy(() -> observer.queues("unknown"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'unknown' failed: it does not exist");
        assertThat(observer.queues("known")).hasSize(2);
        assertThatThrownBy(() -> observer.queues("die")).isInstanceOf(UncheckedIOException.class);
        assertThat(observer.queues("known")).hasSize(2);
        observer.close();
        assertThat(observer.queues("known")).hasSize(2);
    }
}
