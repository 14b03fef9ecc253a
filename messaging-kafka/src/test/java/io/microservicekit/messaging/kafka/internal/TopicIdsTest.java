package io.microservicekit.messaging.kafka.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Brokers that do not agree yet on which topic has the name. */
class TopicIdsTest {
    private static final List<String> TOPICS = List.of("topic");

    private final HeardByEngine heard = new HeardByEngine();
    private final ManualRuntime runtime = new ManualRuntime();
    private final PollCommands commands = new PollCommands();
    private final ScriptedTopics topics = new ScriptedTopics();
    private final TopicIds ids = new TopicIds(topics.source(), runtime, heard, commands);
    private final Uuid old = topics.id();
    private final Uuid anew = new Uuid(2, 2);

    private void learn(Uuid told) {
        topics.tell(told);
        ids.learn(TOPICS, DriverCalls.QUESTION);
    }

    private void check(Uuid told) {
        topics.tell(told);
        runtime.advance(ScriptedTopics.AGE);
        ids.refreshIfDue(runtime.nanoTime(), TOPICS);
        commands.runAll();
    }

    @Test
    void anIdThatIsHeardForTheFirstTimeCountsAtOnce() {
        learn(old);
        learn(anew);
        assertThat(ids.of("topic")).isEqualTo(anew.toString());
        assertThat(ids.isPast("topic", old.toString())).isTrue();
    }

    @Test
    void anIdThatWasReplacedAndIsToldOnceMoreDoesNotCount() {
        check(old);
        check(anew);
        check(old);
        check(old);
        assertThat(ids.of("topic")).isEqualTo(anew.toString());
    }

    @Test
    void theTrueIdCountsAgainAfterAnOldOneThatWasHeardLate() {
        learn(anew);
        learn(old);
        check(anew);
        check(anew);
        assertThat(ids.of("topic")).isEqualTo(old.toString());
        check(anew);
        assertThat(ids.of("topic")).isEqualTo(anew.toString());
        assertThat(ids.isPast("topic", old.toString())).isTrue();
        learn(old);
        assertThat(ids.of("topic")).isEqualTo(anew.toString());
    }

    @Test
    void answersInBetweenBreakTheRow() {
        learn(anew);
        learn(old);
        check(anew);
        check(anew);
        check(old);
        check(anew);
        check(anew);
        assertThat(ids.of("topic")).isEqualTo(old.toString());
    }

    /** They may come within milliseconds, while the same broker lags behind. */
    @Test
    void answersThatAreNotSpacedDoNotCount() {
        learn(old);
        learn(anew);
        for (int i = 0; i < 10; i++) {
            learn(old);
        }
        check(old);
        check(old);
        assertThat(ids.of("topic")).isEqualTo(anew.toString());
        check(old);
        assertThat(ids.of("topic")).isEqualTo(old.toString());
    }
}
