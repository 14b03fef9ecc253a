package io.microservicekit.messaging.kafka.internal;

import static io.microservicekit.messaging.kafka.internal.ScriptedGroup.FIRST;
import static io.microservicekit.messaging.kafka.internal.ScriptedGroup.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.StartPosition;
import io.microservicekit.messaging.kafka.internal.PositionResolver.Position;
import io.microservicekit.messaging.kafka.internal.shared.PollCommands;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is asked of the broker, and pinned there, when a topic goes and comes back. */
class PositionResolverTest {
    private final ScriptedGroup group = new ScriptedGroup();
    private final HeardByEngine heard = new HeardByEngine();
    private final ScriptedTopics topics = new ScriptedTopics();
    private final PositionResolver resolver = resolver();

    private PositionResolver resolver() {
        return new PositionResolver(
                new DriverCalls(group, () -> false, () -> {}),
                new TopicIds(topics.source(), new ManualRuntime(), heard, new PollCommands()),
                StartPosition.NEWEST);
    }

    private Position at(long offset, int count, boolean madeAnew, @Nullable Long former) {
        return new Position(offset, new PinMetadata(count, topics.id().toString()), madeAnew, former);
    }

    private String metadata(int count) {
        return "v1;n=" + count + ";t=" + topics.id();
    }

    @Test
    void aNewGroupIsPinnedAtTheEndWithTheCountOfPartitionsAndTheIdOfTheTopic() {
        group.topicEndsAt(50);
        assertThat(resolver.resolve(List.of(FIRST, SECOND)).values()).containsOnly(at(50, 2, false, null));
        assertThat(group.commits().get(FIRST).metadata()).isEqualTo(metadata(2));
    }

    @Test
    void aTopicWhoseCommitsWentWithItIsReadFromItsBeginningByTheMemberThatKnewIt() {
        group.topicEndsAt(50);
        resolver.resolve(List.of(FIRST, SECOND));
        group.commits().clear();
        topics.makeAnew();
        group.topicEndsAt(7);
        assertThat(resolver.resolve(List.of(FIRST)).values()).containsOnly(at(0, 0, true, null));
        assertThat(group.commits().get(FIRST)).isEqualTo(new OffsetAndMetadata(0, metadata(0)));
    }

    @Test
    void aMemberThatDidNotKnowItLearnsFromTheCountOfNoneThatItsPartitionsAreNewToo() {
        group.topicEndsAt(7);
        group.commits().put(FIRST, new OffsetAndMetadata(0, "v1;n=0"));
        assertThat(resolver().resolve(Collections.singleton(SECOND)).values()).containsOnly(at(0, 0, false, null));
    }

    @Test
    void aMemberThatWasAwayLearnsFromTheIdBesideTheCommitThatTheTopicIsAnother() {
        group.topicEndsAt(50);
        resolver.resolve(List.of(FIRST, SECOND));
        topics.makeAnew();
        group.topicEndsAt(70);
        assertThat(resolver().resolve(Collections.singleton(SECOND)).values()).containsOnly(at(0, 0, true, 50L));
        assertThat(group.commits().get(SECOND)).isEqualTo(new OffsetAndMetadata(0, metadata(0)));
    }

    @Test
    void aTopicThatWasMissingIsReadFromItsBeginningOnceItIsThere() {
        topics.delete();
        group.topicEndsAt(7);
        assertThatThrownBy(() -> resolver.resolve(List.of(FIRST))).isInstanceOf(UnknownTopicOrPartitionException.class);
        topics.makeAnew();
        assertThat(resolver.resolve(List.of(FIRST)).values()).containsOnly(at(0, 0, true, null));
    }

    @Test
    void anIdThatABrokerTellsTooLateIsNoNewTopic() {
        Uuid old = topics.id();
        group.topicEndsAt(50);
        resolver.resolve(List.of(FIRST, SECOND));
        topics.makeAnew();
        Position anew = resolver.resolve(List.of(FIRST)).get(FIRST);
        topics.tell(old);
        assertThat(resolver.resolve(List.of(FIRST)).get(FIRST).offset()).isEqualTo(anew.offset());
        assertThat(group.commits().get(FIRST).metadata()).isEqualTo(anew.pin().write());
    }

    @Test
    void aBrokerThatTellsNoIdsIsNamedOnceAndServedAsBefore() {
        topics.tell(Uuid.ZERO_UUID);
        group.topicEndsAt(50);
        resolver.resolve(List.of(FIRST));
        resolver.resolve(List.of(SECOND));
        assertThat(group.commits().get(FIRST)).isEqualTo(new OffsetAndMetadata(50, "v1;n=2"));
        assertThat(heard.logged()).singleElement().asString().contains("topic", "before 2.8");
    }

    @Test
    void withoutAnAnswerNothingIsPinned() {
        topics.beSilent(true);
        group.topicEndsAt(50);
        assertThatThrownBy(() -> resolver.resolve(List.of(FIRST))).isInstanceOf(TimeoutException.class);
        assertThat(group.commits()).isEmpty();
    }
}
