package io.microservicekit.messaging.core.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class MessageCountsConcurrentTest {
    private static final int ROUNDS = 100_000;
    private static final long ALL = (long) Together.THREADS * ROUNDS;

    @Test
    void whatManyThreadsCountAddsUpExactly() throws Exception {
        MessageCounts counts = new MessageCounts();
        Together.run(thread -> {
            for (int i = 0; i < ROUNDS; i++) {
                counts.sent("sent-" + i % 2, 1_000);
                counts.unrouted();
                counts.sendFailed();
                counts.handled("handled-" + thread);
                counts.retryScheduled();
                counts.exhausted();
                counts.deadLettered();
                counts.handlerTimedOut();
            }
        });
        assertThat(counts.messagesSent()).isEqualTo(ALL);
        assertThat(counts.messagesUnrouted()).isEqualTo(ALL);
        assertThat(counts.sendErrors()).isEqualTo(ALL);
        assertThat(counts.messagesConsumed()).isEqualTo(ALL);
        assertThat(counts.retryCount()).isEqualTo(ALL);
        assertThat(counts.consumeErrors()).isEqualTo(ALL);
        assertThat(counts.dlqCount()).isEqualTo(ALL);
        assertThat(counts.handlerTimeouts()).isEqualTo(ALL);
        assertThat(counts.sendLatency().average()).isEqualTo(1_000);
        assertThat(counts.topicSent()).containsExactly(entry("sent-0", ALL / 2), entry("sent-1", ALL / 2));
        assertThat(counts.topicConsumed())
                .hasSize(Together.THREADS)
                .allSatisfy((topic, count) -> assertThat(count).isEqualTo(ROUNDS));
    }

    @Test
    void exactly200TopicsHaveACountOfTheirOwnWhenThreadsMeetThemTogether() throws Exception {
        for (int round = 0; round < 20; round++) {
            MessageCounts counts = new MessageCounts();
            Together.run(thread -> {
                for (int topic = 0; topic < 300; topic++) {
                    counts.handled("topic-" + topic);
                }
            });
            SortedMap<String, Long> handled = counts.topicConsumed();
            assertThat(handled).hasSize(201).containsKey(TopicCounts.OTHER);
            assertThat(handled.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(counts.messagesConsumed())
                    .isEqualTo(300L * Together.THREADS);
        }
    }

    @Test
    void aTopicThatIsReallyCalledOtherIsCountedWithTheOthers() {
        TopicCounts counts = new TopicCounts(1);
        counts.increment(TopicCounts.OTHER);
        counts.increment("orders");
        assertThat(counts.snapshot()).containsExactly(entry(TopicCounts.OTHER, 2L));
    }
}
