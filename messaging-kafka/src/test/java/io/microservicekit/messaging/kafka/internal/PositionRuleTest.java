package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.kafka.internal.PositionRule.Commit;
import io.microservicekit.messaging.kafka.internal.PositionRule.Continue;
import io.microservicekit.messaging.kafka.internal.PositionRule.Decision;
import io.microservicekit.messaging.kafka.internal.PositionRule.Edge;
import io.microservicekit.messaging.kafka.internal.PositionRule.Pin;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rule of positions as a table. A commit is written {@code partition:offset/count}, the count {@code -} when another client wrote it. */
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
                row("another client's offset elsewhere tells no count: new group", "0:10/-", 1, 2, end(2)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void decidesByTheCommitsOfTheTopic(String name, String commits, int partition, int count, Decision wanted) {
        assertThat(PositionRule.decide(partition, commits(commits), count, StartPosition.NEWEST))
                .isEqualTo(wanted);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void earliestDiffersOnlyWhereTheEndWasMeant(
            String name, String commits, int partition, int count, Decision newest) {
        Decision wanted = newest instanceof Pin pin ? new Pin(Edge.BEGINNING, pin.count()) : newest;
        assertThat(PositionRule.decide(partition, commits(commits), count, StartPosition.EARLIEST))
                .isEqualTo(wanted);
    }

    private static Arguments row(String name, String commits, int partition, int count, Decision wanted) {
        return Arguments.of(name, commits, partition, count, wanted);
    }

    private static Decision end(int count) {
        return new Pin(Edge.END, count);
    }

    private static Decision begin(int count) {
        return new Pin(Edge.BEGINNING, count);
    }

    private static Decision at(long offset, int count) {
        return new Continue(offset, count);
    }

    private static SortedMap<Integer, Commit> commits(String text) {
        SortedMap<Integer, Commit> commits = new TreeMap<>();
        for (String one : text.split(" ")) {
            if (!one.isEmpty()) {
                String[] parts = one.split("[:/]");
                Integer count = parts[2].equals("-") ? null : Integer.valueOf(parts[2]);
                commits.put(Integer.valueOf(parts[0]), new Commit(Long.parseLong(parts[1]), count));
            }
        }
        return commits;
    }
}
