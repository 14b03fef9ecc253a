package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.spi.Assignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** A topic is deleted and made anew while it is consumed. */
class TopicMadeAnewTest extends ScriptedSubscription {
    @Test
    void aTopicThatWasMadeAnewIsReadInANewEpoch() {
        List<Assignment> old = new ArrayList<>();
        run(
                this::join,
                () -> old.add(heard.lastAssigned()),
                () -> consumer.bounds(0, 3),
                () -> consumer.setPollException(outOfRange(5)),
                () -> loop.acknowledge(old.get(0), 4),
                () -> consumer.addRecords(0, 3),
                () -> acknowledge(1));
        assertThat(heard.events())
                .containsExactly(
                        "assigned 1", "ready", "reset 5 to 0", "lost 1", "assigned 2", "delivered 3", "acknowledged 1");
        assertThat(consumer.committed()).containsExactly(5L, 0L, 2L);
    }

    @Test
    void aTopicThatWasMadeAnewIsReadFromItsBeginningAsSoonAsItsIdIsKnown() {
        runWithTen(
                () -> acknowledge(14),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> {
                    topics.makeAnew();
                    consumer.bounds(0, 30);
                    consumer.addRecords(15, 3);
                },
                () -> runtime.advance(ScriptedTopics.AGE),
                () -> {},
                () -> consumer.addRecords(0, 3),
                () -> acknowledge(2));
        assertThat(heard.events())
                .containsExactly(
                        "assigned 1",
                        "ready",
                        "delivered 10",
                        "acknowledged 14",
                        "delivered 3",
                        "lost 1",
                        "reset 18 to 0",
                        "assigned 2",
                        "delivered 3",
                        "acknowledged 2");
        assertThat(consumer.committed()).containsExactly(5L, 15L, 0L, 3L);
        assertThat(heard.logged()).anyMatch(line -> line.startsWith("WARNING") && line.contains("made anew"));
    }

    @Test
    void anAcknowledgementForATopicThatIsNoMoreIsNotCommittedInTheNewOne() {
        List<Assignment> old = new ArrayList<>();
        runWithTen(
                () -> {
                    old.add(heard.lastAssigned());
                    topics.makeAnew();
                    consumer.bounds(0, 30);
                    runtime.advance(ScriptedTopics.AGE);
                },
                () -> {},
                () -> loop.acknowledge(old.get(0), 14),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> {});
        assertThat(heard.events()).endsWith("lost 1", "reset 15 to 0", "assigned 2");
        assertThat(consumer.committed()).containsExactly(5L, 0L);
    }

    @Test
    void anUnansweredQuestionForIdsStopsNothing() {
        run(
                this::join,
                () -> {
                    topics.beSilent(true);
                    runtime.advance(ScriptedTopics.AGE);
                },
                () -> consumer.addRecords(5, 10),
                () -> acknowledge(14),
                () -> runtime.advance(Duration.ofSeconds(1)),
                () -> {});
        assertThat(heard.events()).containsExactly("assigned 1", "ready", "delivered 10", "acknowledged 14");
    }

    @Test
    void theIdOfATopicIsAskedForOnceInItsAge() {
        List<Integer> asked = new ArrayList<>();
        run(
                this::join,
                () -> asked.add(topics.asked()),
                () -> runtime.advance(ScriptedTopics.AGE.minusMillis(1)),
                () -> asked.add(topics.asked()),
                () -> runtime.advance(Duration.ofMillis(1)),
                () -> asked.add(topics.asked()),
                () -> asked.add(topics.asked()));
        assertThat(asked).containsExactly(2, 2, 3, 3);
    }

    @Test
    void aPartitionThatWasPausedRunsWhenItsTopicIsMadeAnew() {
        run(
                this::join,
                () -> consumer.bounds(0, 3),
                () -> {
                    loop.pause(Set.of(heard.lastAssigned()));
                    consumer.setPollException(outOfRange(5));
                },
                () -> {},
                () -> consumer.addRecords(0, 3),
                () -> {});
        assertThat(heard.events())
                .containsExactly("assigned 1", "ready", "reset 5 to 0", "lost 1", "assigned 2", "delivered 3");
    }

    @Test
    void aTopicThatIsDeletedAndStaysAwayIsReportedAndWarnedOfOnceUntilItIsBack() {
        List<String> told = new ArrayList<>();
        run(
                this::join,
                () -> {
                    topics.delete();
                    runtime.advance(ScriptedTopics.AGE);
                },
                () -> consumer.rebalance(List.of()),
                () -> passLooks(1),
                () -> {},
                () -> {},
                () -> told.add(loop.impedimentSeen()),
                () -> passLooks(4),
                () -> {},
                () -> topics.makeAnew(),
                () -> passLooks(1),
                () -> {},
                () -> {},
                () -> told.add(loop.impedimentSeen()));
        assertThat(told.get(0))
                .isEqualTo("topics [topic] do not exist any more; they are looked for every 5 s, and read from their"
                        + " beginning when they are there again");
        assertThat(told.get(1)).isNull();
        assertThat(heard.logged())
                .filteredOn(line -> line.startsWith("WARNING"))
                .singleElement()
                .asString()
                .contains("[topic]", "'group'", "do not exist any more");
    }

    /** Or one that has just been started. */
    @Test
    void aSingleBrokerThatLagsBehindIsNoReasonToSayThatATopicIsGone() {
        List<String> told = new ArrayList<>();
        run(
                this::join,
                () -> {
                    topics.delete();
                    runtime.advance(ScriptedTopics.AGE);
                },
                () -> {},
                () -> topics.tell(topics.id()),
                () -> told.add(loop.impedimentSeen()),
                () -> passLooks(1),
                () -> {},
                () -> {
                    topics.delete();
                    runtime.advance(ScriptedTopics.AGE);
                },
                () -> {},
                () -> told.add(loop.impedimentSeen()),
                () -> {});
        assertThat(told).containsExactly(null, null);
        assertThat(heard.logged()).noneMatch(line -> line.contains("do not exist"));
    }

    private void passLooks(int looks) {
        runtime.advance(Duration.ofNanos(looks * TopicIds.LOOK_NANOS));
    }

    /** So that a successor finds which topic the group was reading, where the commits went with it. */
    @Test
    void whatGoesIsCommittedOnceMoreWithTheIdOfItsTopicAlsoWhenNothingIsNew() {
        List<Integer> commits = new ArrayList<>();
        run(
                this::join,
                () -> commits.add(consumer.commits()),
                () -> consumer.rebalance(List.of()),
                () -> commits.add(consumer.commits()));
        assertThat(commits).containsExactly(1, 2);
        assertThat(consumer.lastCommit()).isEqualTo(new OffsetAndMetadata(5, "v1;n=1;t=" + topics.id()));
    }
}
