package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedAnswerConcurrentTest {
    private final AtomicInteger questions = new AtomicInteger();
    private final SharedAnswer<Integer> shared = new SharedAnswer<>(Duration.ofNanos(100));
    private final Queue<CompletableFuture<Integer>> open = new ConcurrentLinkedQueue<>();

    private SharedAnswer.Asked<Integer> askAt(long now) {
        return shared.ask(now, CompletableFuture::new, answer -> {
            questions.incrementAndGet();
            open.add(answer);
        });
    }

    private void answer(int value) {
        open.forEach(answer -> answer.complete(value));
        open.clear();
    }

    @Test
    void thoseWhoAskAtTheSameTimeShareOneQuestion() throws Exception {
        for (int round = 1; round <= 2_000; round++) {
            long now = round * 1_000L;
            Queue<SharedAnswer.Asked<Integer>> asked = new ConcurrentLinkedQueue<>();
            if (round % 100 == 0) {
                Together.run(number -> asked.add(askAt(now)));
            } else {
                asked.add(askAt(now));
            }
            assertThat(asked.stream().distinct()).hasSize(1);
            assertThat(questions).hasValue(round);
            answer(round);
            assertThat(asked.element().answer()).isCompletedWithValue(round);
        }
    }

    @Test
    void anAnswerHoldsForAWhileAfterItsQuestionAndAQuestionUnderWayUntilItIsAnswered() {
        SharedAnswer.Asked<Integer> first = askAt(0);
        assertThat(askAt(1_000_000)).isSameAs(first);
        answer(1);
        assertThat(askAt(99)).isSameAs(first);
        assertThat(askAt(100)).isNotSameAs(first);
        assertThat(questions).hasValue(2);
    }
}
