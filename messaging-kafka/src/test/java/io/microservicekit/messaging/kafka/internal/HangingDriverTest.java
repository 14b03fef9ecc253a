package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A poll thread that the driver does not let go of, or not in time, and ones that only look like it. */
class HangingDriverTest extends ScriptedSubscription {
    private final List<String> seen = new ArrayList<>();

    private void look() {
        seen.add(String.valueOf(loop.hangSeen()));
    }

    @Test
    void aPollThatLastsLongerThanThePollIntervalHangsUntilItComesBack() {
        run(
                this::join,
                () -> {
                    runtime.advance(MAX_POLL_INTERVAL);
                    look();
                    runtime.advance(Duration.ofSeconds(1));
                    look();
                },
                this::look);

        assertThat(seen).hasSize(3);
        assertThat(seen.get(0)).isEqualTo("null");
        assertThat(seen.get(1)).startsWith("its poll thread").contains("for 61 s");
        assertThat(seen.get(2)).isEqualTo("null");
    }

    @Test
    void manySlowQuestionsInOneTurnAreNoCallThatHangs() {
        consumer.onQuestion(() -> {
            runtime.advance(MAX_POLL_INTERVAL.minusSeconds(1));
            look();
        });

        run(this::join, () -> {}, () -> {});

        assertThat(seen).hasSizeGreaterThan(1).containsOnly("null");
        assertThat(heard.events()).contains("ready");
    }

    /** The engine has counted without it by then. */
    @Test
    void aCommitThatOutlivesTheLimitOfACloseIsToldWhenItIsTakenAndNothingElse() {
        runWithTen(() -> {
            acknowledge(9);
            consumer.onCommit(() -> {
                runtime.advance(LIMIT);
                runtime.runAll();
                seen.addAll(heard.events());
            });
        });

        assertThat(closed).isCompletedWithValue(5L);
        assertThat(seen).containsExactly("assigned 1", "ready", "delivered 10");
        assertThat(heard.events()).hasSize(seen.size() + 1).endsWith("acknowledged 9");
    }

    @Test
    void handlersThatRunOnDuringARevocationAreNoDriverThatHangs() {
        heard.letGo(new CompletableFuture<>());
        runtime.whenDrained(() -> {
            runtime.advance(Duration.ofSeconds(1));
            look();
        });

        runWithTen(
                () -> {
                    runtime.advance(MAX_POLL_INTERVAL.minusSeconds(2));
                    consumer.rebalance(List.of());
                },
                () -> {});

        assertThat(seen).hasSizeGreaterThan(2).containsOnly("null");
        assertThat(heard.events()).contains("revoked 1");
    }
}
