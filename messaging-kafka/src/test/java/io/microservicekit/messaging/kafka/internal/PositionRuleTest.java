package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.kafka.internal.PositionRule.Commit;
import io.microservicekit.messaging.kafka.internal.PositionRule.Continue;
import io.microservicekit.messaging.kafka.internal.PositionRule.Decision;
import io.microservicekit.messaging.kafka.internal.PositionRule.Edge;
import io.microservicekit.messaging.kafka.internal.PositionRule.Known;
import io.microservicekit.messaging.kafka.internal.PositionRule.Pin;
import io.microservicekit.messaging.kafka.internal.PositionRule.Topic;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rule of positions as a table. A commit is written {@code partition:offset/count}, the count {@code -} when another client wrote it, and with
 * {@code @id} when it names the id of its topic; the topic now is {@code new}.
 */
class PositionRuleTest {
    static Stream<Arguments> table() {
        return Stream.of(
                row("a new group begins at the end", "", 0, 3, end(3)),
                row("a new group begins at the end in its highest partition", "", 2, 3, end(3)),
                row("second member of a first join, does not see the other's pin", "", 1, 2, end(2)),
                row("second member of a first join, sees the other's pin", "0:10/2", 1, 2, end(2)),
                row("second member of a first join knows more partitions than the first", "0:10/2", 2, 3, begin(2)),
                row("second member of a first join knows fewer partitions than the first", "0:10/3", 1, 2, end(3)),
                row("partition born later", "0:10/2 1:20/2", 2, 3, begin(2)),
                row("partition born much later", "0:10/2 1:20/2 2:5/2", 7, 8, begin(2)),
                row("crash before the first commit leaves a new group", "", 1, 2, end(2)),
                row("crash between pins: never ready, pin at the end", "0:10/2", 1, 2, end(2)),
                row("crash between pins, then expanded", "0:10/2", 3, 4, begin(2)),
                row("of several counts the smallest is the oldest", "0:10/4 1:3/2", 3, 4, begin(2)),
                row("committed: continue, whatever else is there", "0:10/2 1:20/2", 1, 5, at(20, 2)),
                row("committed at zero is committed", "0:0/1", 0, 1, at(0, 1)),
                row("each partition repeats its own count", "0:10/4 1:3/2", 0, 4, at(10, 4)),
                row("another client's offset: continue there", "0:10/-", 0, 2, at(10, 2)),
                row("another client's offset beside ours: with our count", "0:10/- 1:4/1", 0, 2, at(10, 1)),
                row("another client's offset elsewhere tells no count: new group", "0:10/-", 1, 2, end(2)),
                row("committed in this topic: continue", "0:10/2@new", 0, 2, at(10, 2)),
                row(
                        "committed before ids were: continue, from now on with the id",
                        "0:10/2 1:4/2@new",
                        0,
                        2,
                        at(10, 2)),
                row("committed in an earlier topic of the name", "0:10/2@old 1:20/2@old", 0, 2, anew(10L)),
                row("an earlier topic had more partitions", "0:10/2@old 1:20/2@old", 2, 3, anew(null)),
                row("another member has begun in the new topic", "0:0/0@new 1:20/2@old", 1, 2, anew(20L)),
                row("another member has begun in the new topic, commits went", "0:0/0@new", 1, 2, begin(0)),
                row("an old commit came after the new pin of another", "0:9/2@old 1:0/0@new", 1, 2, at(0, 0)),
                row("partition born later in a topic made anew", "0:7/0@new 1:9/0@new", 2, 3, begin(0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void decidesByTheCommitsOfTheTopic(String name, String commits, int partition, int count, Decision wanted) {
        assertThat(decide(partition, commits, count, StartPosition.NEWEST)).isEqualTo(wanted);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void anotherStartDiffersOnlyWhereTheEndWasMeant(
            String name, String commits, int partition, int count, Decision newest) {
        assertThat(decide(partition, commits, count, StartPosition.EARLIEST))
                .isEqualTo(insteadOfEnd(newest, Edge.BEGINNING));
        assertThat(decide(partition, commits, count, StartPosition.at(Instant.EPOCH)))
                .isEqualTo(insteadOfEnd(newest, Edge.TIME));
    }

    private static Decision insteadOfEnd(Decision newest, Edge edge) {
        return newest instanceof Pin pin && pin.edge() == Edge.END
                ? new Pin(edge, pin.pin(), pin.madeAnew(), pin.former())
                : newest;
    }

    @Test
    void aMemberThatKnewAnEarlierTopicBeginsAtTheBeginningWhateverANewcomerHasPinned() {
        Topic known = new Topic(2, "new", Known.EARLIER);
        assertThat(PositionRule.decide(1, new TreeMap<>(), known, StartPosition.NEWEST))
                .isEqualTo(anew(null));
        assertThat(PositionRule.decide(1, commits("0:4/2@new"), known, StartPosition.NEWEST))
                .isEqualTo(anew(null));
        assertThat(PositionRule.decide(0, commits("0:4/2@new"), known, StartPosition.NEWEST))
                .isEqualTo(at(4, 2));
    }

    @Test
    void whereAllCommitsOfAPinnedTopicHaveVanishedNothingIsSkipped() {
        Topic pinned = new Topic(2, "new", Known.PINNED);
        assertThat(PositionRule.decide(1, new TreeMap<>(), pinned, StartPosition.NEWEST))
                .isEqualTo(anew(null));
        assertThat(PositionRule.decide(1, commits("0:4/2@new"), pinned, StartPosition.NEWEST))
                .as("the crash of a first member between its pins")
                .isEqualTo(end(2));
    }

    @Test
    void whereTheBrokerTellsNoIdACommitCountsWhateverTopicItNames() {
        Topic untold = new Topic(2, null, Known.NOTHING);
        assertThat(PositionRule.decide(0, commits("0:10/2@old"), untold, StartPosition.NEWEST))
                .isEqualTo(new Continue(10, new PinMetadata(2, "old")));
    }

    private static Decision decide(int partition, String commits, int count, StartPosition start) {
        return PositionRule.decide(partition, commits(commits), new Topic(count, "new", Known.NOTHING), start);
    }

    private static Arguments row(String name, String commits, int partition, int count, Decision wanted) {
        return Arguments.of(name, commits, partition, count, wanted);
    }

    private static Decision end(int count) {
        return new Pin(Edge.END, new PinMetadata(count, "new"), false, null);
    }

    private static Decision begin(int count) {
        return new Pin(Edge.BEGINNING, new PinMetadata(count, "new"), false, null);
    }

    private static Decision anew(@Nullable Long former) {
        return new Pin(Edge.BEGINNING, new PinMetadata(0, "new"), true, former);
    }

    private static Decision at(long offset, int count) {
        return new Continue(offset, new PinMetadata(count, "new"));
    }

    private static SortedMap<Integer, Commit> commits(String text) {
        SortedMap<Integer, Commit> commits = new TreeMap<>();
        for (String one : text.split(" ", -1)) {
            if (!one.isEmpty()) {
                String[] parts = one.split("[:/@]", -1);
                PinMetadata pin = parts[2].equals("-")
                        ? null
                        : new PinMetadata(Integer.parseInt(parts[2]), parts.length > 3 ? parts[3] : null);
                commits.put(Integer.valueOf(parts[0]), new Commit(Long.parseLong(parts[1]), pin));
            }
        }
        return commits;
    }
}
