package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.OTHER;
import static io.microservicekit.messaging.kafka.internal.ScriptedConsumer.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** The broker does not have the offset that a partition wants next. */
class OutOfRangeTest extends ScriptedSubscription {
    private final List<String> seen = new ArrayList<>();

    @Test
    void theBeginningOfALogThatWasCutBackIsCommittedBeforeTheEngineHearsOfIt() {
        run(
                this::join,
                () -> {
                    consumer.bounds(0, 3);
                    consumer.setPollException(outOfRange(5));
                    consumer.failCommit(new TimeoutException("nobody answers"));
                },
                () -> seen.addAll(heard.events()),
                () -> runtime.advance(Duration.ofSeconds(3)),
                () -> {});
        assertThat(seen).containsExactly("assigned 1", "ready");
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "reset 5 to 0", "lost 1", "assigned 2");
        assertThat(consumer.committed()).containsExactly(5L, 0L);
        assertThat(consumer.lastCommit()).isEqualTo(new OffsetAndMetadata(0, "v1;n=0;t=" + topics.id()));
    }

    @Test
    void aPartitionWithoutALeaderKeepsNeitherOthersNorPollsWaiting() {
        consumer.grow();
        consumer.bounds(0, 5);
        run(
                () -> consumer.rebalance(List.of(PARTITION, OTHER)),
                () -> {
                    consumer.bounds(20, 30);
                    consumer.loseLeader(OTHER);
                    consumer.setPollException(bothOutOfRange());
                },
                () -> {},
                () -> seen.addAll(heard.events()),
                () -> runtime.advance(Duration.ofMillis(2_999)),
                () -> seen.add(consumer.unanswered() + " unanswered"),
                () -> consumer.electLeader(OTHER),
                () -> runtime.advance(Duration.ofMillis(1)),
                () -> seen.add("at " + consumer.position(OTHER)));
        assertThat(seen).containsExactly("assigned 1", "assigned 2", "ready", "reset 5 to 20", "1 unanswered", "at 20");
        assertThat(heard.events())
                .containsExactly("assigned 1", "assigned 2", "ready", "reset 5 to 20", "reset 5 to 20");
    }

    @Test
    void aPartitionThatCannotBeSetRightForFiveSecondsImpedesTheConsumer() {
        run(
                this::join,
                () -> {
                    consumer.loseLeader(PARTITION);
                    consumer.setPollException(outOfRange(7));
                },
                () -> runtime.advance(Duration.ofMillis(4_999)),
                () -> seen.add(String.valueOf(loop.impedimentSeen())),
                () -> runtime.advance(Duration.ofMillis(1)),
                () -> seen.add(String.valueOf(loop.impedimentSeen())),
                () -> {
                    consumer.electLeader(PARTITION);
                    runtime.advance(Duration.ofSeconds(3));
                },
                () -> {},
                () -> seen.add(String.valueOf(loop.impedimentSeen())));
        assertThat(seen).hasSize(3);
        assertThat(seen.get(0)).isEqualTo("null");
        assertThat(seen.get(1)).startsWith("partition topic-0 wanted offset 7").contains("for 5 s");
        assertThat(seen.get(2)).isEqualTo("null");
    }

    @Test
    void aPartitionThatIsNoLongerHeldIsNotAskedForAndBeginsAgainWhereItIsPinned() {
        run(
                this::join,
                () -> {
                    consumer.loseLeader(PARTITION);
                    consumer.setPollException(outOfRange(7));
                },
                () -> {},
                () -> consumer.losePartitions(List.of(PARTITION)),
                () -> runtime.advance(Duration.ofSeconds(3)),
                () -> seen.add(consumer.unanswered() + " unanswered"),
                () -> {
                    consumer.electLeader(PARTITION);
                    consumer.rebalance(List.of(PARTITION));
                },
                () -> seen.add("at " + consumer.position(PARTITION)));
        assertThat(seen).containsExactly("1 unanswered", "at 5");
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "lost 1", "assigned 2");
    }

    private static OffsetOutOfRangeException bothOutOfRange() {
        Map<TopicPartition, Long> wanted = new LinkedHashMap<>();
        wanted.put(OTHER, 5L);
        wanted.put(PARTITION, 5L);
        return new OffsetOutOfRangeException(wanted);
    }
}
