package io.microservicekit.messaging.core.internal.engine;

import static io.microservicekit.messaging.api.OrderingMode.PARTITION;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.A;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.A_AGAIN;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.message.MessagePosition;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The state machine when users commit. */
class ManualStateTest {
    private EngineFixture engine = running(limits(1_000, 1_000, true));

    private static EngineLimits limits(int maxInFlight, int maxUncommitted, boolean deadLetters) {
        return new EngineLimits(
                2,
                maxInFlight,
                1_000_000,
                maxUncommitted,
                0,
                deadLetters,
                ExhaustedPolicy.BLOCK,
                true,
                false,
                PARTITION);
    }

    private static EngineFixture running(EngineLimits limits) {
        EngineFixture engine = new EngineFixture(limits);
        engine.assigned(A);
        return engine;
    }

    @Test
    void returningFromTheHandlerAcknowledgesNothingButFreesTheLane() {
        engine.delivered(A, 1, 2);
        engine.delivered(A, 3, 3);
        assertThat(engine.ran(A, 2)).containsExactly("start a#1 3..3 attempt 1");
    }

    @Test
    void aCommitIsAcknowledgedAndWaitsForTheBroker() {
        engine.delivered(A, 1, 2);
        engine.ran(A, 2);
        assertThat(engine.commit(7, A, 1)).containsExactly("acknowledge a#1 1", "flush a#1 for 7");
    }

    @Test
    void aCommitInTheHandlerIsAcknowledgedBeforeTheHandlerReturns() {
        engine.delivered(A, 1, 2);
        assertThat(engine.commit(7, A, 1)).containsExactly("acknowledge a#1 1", "flush a#1 for 7");
    }

    @Test
    void aCommitAboveAnUncommittedMessageReturnsAtOnceAndTakesEffectWithIt() {
        engine.delivered(A, 1, 3);
        engine.ran(A, 3);
        assertThat(engine.commit(7, A, 3)).containsExactly("acknowledge a#1 0 and [3]", "commit 7 accepted");
        assertThat(engine.commit(8, A, 2)).containsExactly("acknowledge a#1 0 and [2]", "commit 8 accepted");
        assertThat(engine.commit(9, A, 1)).containsExactly("acknowledge a#1 3", "flush a#1 for 9");
    }

    @Test
    void aSecondCommitChangesNothingAndWaitsLikeTheFirst() {
        engine.delivered(A, 1, 2);
        engine.ran(A, 2);
        engine.commit(7, A, 1);
        assertThat(engine.commit(8, A, 1)).containsExactly("flush a#1 for 8");
        engine.committed(A, 1);
        assertThat(engine.commit(9, A, 1)).containsExactly("commit 9 accepted");
        engine.commit(10, A, 2);
        engine.committed(A, 2);
        assertThat(engine.commit(11, A, 1)).containsExactly("commit 11 accepted");
    }

    @Test
    void aCommitOfAnOldEpochIsRefused() {
        engine.delivered(A, 1, 1);
        engine.ran(A, 1);
        engine.lost(A);
        engine.assigned(A_AGAIN);
        engine.delivered(A_AGAIN, 1, 1);
        engine.ran(A_AGAIN, 1);
        assertThat(engine.commit(7, A, 1)).containsExactly("commit 7 refused");
        assertThat(engine.commit(8, A_AGAIN, 1)).containsExactly("acknowledge a#2 1", "flush a#2 for 8");
    }

    @Test
    void aMessageOfSomebodyElseIsRefusedThoughItsPositionIsKnown() {
        engine.delivered(A, 1, 1);
        engine.ran(A, 1);
        ReceivedMessage foreign = EngineFixture.message(A, 1);
        assertThat(engine.apply(new EngineEvent.Commit(7, foreign))).containsExactly("commit 7 refused");
        assertThat(engine.apply(new EngineEvent.Commit(8, EngineFixture.message(A, 5))))
                .containsExactly("commit 8 refused");
        assertThat(engine.apply(new EngineEvent.Commit(9, EngineFixture.message(B, 1))))
                .containsExactly("commit 9 refused");
    }

    @Test
    void aCommitIsRefusedWhenTheReturnOfTheHandlerAcknowledges() {
        engine = running(EngineFixture.LIMITS);
        engine.delivered(A, 1, 1);
        assertThat(engine.commit(7, A, 1)).containsExactly("commit 7 refused");
    }

    @Test
    void aCommitOnAQueueIsFoundThoughItsTopicIsNotTheQueue() {
        var queue = new io.microservicekit.messaging.api.spi.Assignment("group", -1, 4);
        engine.assigned(queue);
        MessagePosition position = new MessagePosition("topic", -1, -1, 4, 1);
        ReceivedMessage message = ReceivedMessage.of(EngineFixture.message(A, 1).message(), position, "g");
        engine.apply(new EngineEvent.Delivered(queue, List.of(message), 0));
        assertThat(engine.apply(new EngineEvent.Commit(7, message)))
                .containsExactly("acknowledge group#4 1", "flush group#4 for 7");
    }

    @Test
    void anExceptionRetriesAndDeadLettersAsUsual() {
        engine.delivered(A, 1, 1);
        assertThat(engine.failed(A, 0, Verdict.RETRY)).containsExactly("hold a#1 1", "park a#1 RETRY 1");
        assertThat(engine.timer(A)).containsExactly("release a#1 1", "start a#1 1..1 attempt 2");
        engine.failed(A, 0, Verdict.EXHAUSTED);
        assertThat(engine.deadLetterConfirmed(A)).containsExactly("release a#1 1", "acknowledge a#1 1");
    }

    @Test
    void aCommitBeforeTheExceptionWins() {
        engine.delivered(A, 1, 2);
        engine.commit(7, A, 1);
        assertThat(engine.failed(A, 0, Verdict.RETRY)).containsExactly("start a#1 2..2 attempt 1");
        engine.commit(8, A, 2);
        assertThat(engine.failed(A, 0, Verdict.EXHAUSTED)).isEmpty();
    }

    @Test
    void aCommitDuringTheBackOffEndsIt() {
        engine.delivered(A, 1, 2);
        engine.failed(A, 0, Verdict.RETRY);
        assertThat(engine.commit(7, A, 1))
                .containsExactly(
                        "cancel timer a#1",
                        "release a#1 1",
                        "acknowledge a#1 1",
                        "flush a#1 for 7",
                        "start a#1 2..2 attempt 1");
    }

    @Test
    void aCommitOfAMessageWhoseDeadLetterFailsNeedsNone() {
        engine.delivered(A, 1, 2);
        engine.failed(A, 0, Verdict.EXHAUSTED);
        engine.commit(7, A, 1);
        assertThat(engine.deadLetterFailed(A)).containsExactly("release a#1 1", "start a#1 2..2 attempt 1");
    }

    @Test
    void uncommittedMessagesCountAsInFlight() {
        engine = running(limits(4, 1_000, false));
        engine.delivered(A, 1, 3);
        engine.ran(A, 3);
        assertThat(engine.delivered(A, 4, 4)).containsExactly("pause a#1", "start a#1 4..4 attempt 1");
        engine.ran(A, 1);
        assertThat(engine.commit(7, A, 4)).doesNotContain("resume a#1");
        assertThat(engine.commit(8, A, 1)).contains("resume a#1");
    }

    @Test
    void atMostMaxUncommittedMessagesAreHandledAndNotCommitted() {
        engine = running(limits(1_000, 2, false));
        assertThat(engine.delivered(A, 1, 3)).containsExactly("start a#1 1..2 attempt 1");
        assertThat(engine.ran(A, 2)).isEmpty();
        engine.commit(7, A, 1);
        assertThat(engine.committed(A, 1)).containsExactly("start a#1 3..3 attempt 1");
    }

    @Test
    void aRevocationAcknowledgesWhatIsCommittedByThen() {
        engine.delivered(A, 1, 3);
        engine.revoking(7, A);
        assertThat(engine.commit(1, A, 1)).containsExactly("acknowledge a#1 1", "flush a#1 for 1");
        assertThat(engine.ran(A, 1)).containsExactly("revocation 7 done");
        assertThat(engine.commit(2, A, 2)).containsExactly("commit 2 refused");
    }

    @Test
    void aStopCountsWhatIsCommittedAndReturnsTheRest() {
        engine.delivered(A, 1, 4);
        engine.stop();
        engine.commit(1, A, 1);
        assertThat(engine.ran(A, 2)).containsExactly("drained");
        assertThat(List.of(engine.machine().drainedCount(), engine.machine().returnedCount()))
                .containsExactly(1L, 3L);
        assertThat(engine.commit(2, A, 2)).containsExactly("commit 2 refused");
    }

    @Test
    void aCommittedMessageIsNotAbandonedThoughItsHandlerHangs() {
        engine.delivered(A, 1, 2);
        engine.commit(1, A, 1);
        engine.stop();
        engine.stopExpired();
        assertThat(engine.machine().abandoned()).isEmpty();
        assertThat(engine.machine().returnedCount()).isEqualTo(1);
    }

    @Test
    void aMessageThatIsUncommittedForTooLongGivesItsAssignmentBack() {
        engine = running(
                new EngineLimits(2, 1_000, 1_000_000, 1_000, 50, false, ExhaustedPolicy.BLOCK, true, false, PARTITION));
        engine.delivered(A, 1, 2);
        engine.ran(A, 2);
        engine.commit(1, A, 2);
        assertThat(engine.apply(new EngineEvent.HoldDue(A, 50))).containsExactly("recycle a#1");
    }
}
