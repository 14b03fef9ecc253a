package io.microservicekit.messaging.core.internal.engine;

import static io.microservicekit.messaging.core.internal.engine.EngineFixture.A;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.A_AGAIN;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.B;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.DEAD_LETTERS;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.OrderingMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineStateTest {
    private EngineFixture engine = running(LIMITS);

    private static EngineFixture running(EngineLimits limits) {
        EngineFixture engine = new EngineFixture(limits);
        engine.assigned(A);
        return engine;
    }

    private static EngineLimits bounds(int concurrency, int maxInFlight, int maxUncommitted) {
        return new EngineLimits(concurrency, maxInFlight, 1_000_000, maxUncommitted, 0, false, ExhaustedPolicy.BLOCK);
    }

    @Test
    void aDeliveryStartsAtOnceAsOneRun() {
        assertThat(engine.delivered(A, 1, 3)).containsExactly("start a#1 1..3 attempt 1");
    }

    @Test
    void aFinishedRunIsAcknowledgedAndTheNextDeliveryStarts() {
        engine.delivered(A, 1, 3);
        engine.delivered(A, 4, 5);
        assertThat(engine.ran(A, 3)).containsExactly("acknowledge a#1 3", "start a#1 4..5 attempt 1");
    }

    @Test
    void whatALongRunHasFinishedIsAcknowledgedAsItGoes() {
        engine.delivered(A, 1, 3);
        assertThat(engine.progressed(A, 2)).containsExactly("acknowledge a#1 2");
        assertThat(engine.progressed(A, 2)).isEmpty();
        assertThat(engine.ran(A, 3)).containsExactly("acknowledge a#1 3");
    }

    @Test
    void aFailedMessageWaitsAndStartsAgainWithItsNextAttempt() {
        engine.delivered(A, 1, 3);
        assertThat(engine.failed(A, 1, Verdict.RETRY))
                .containsExactly("hold a#1 2", "park a#1 RETRY 1", "acknowledge a#1 1");
        assertThat(engine.timer(A)).containsExactly("release a#1 2", "start a#1 2..3 attempt 2");
        assertThat(engine.failed(A, 0, Verdict.RETRY)).containsExactly("hold a#1 2", "park a#1 RETRY 2");
        assertThat(engine.timer(A)).containsExactly("release a#1 2", "start a#1 2..3 attempt 3");
        assertThat(engine.failed(A, 1, Verdict.RETRY))
                .containsExactly("hold a#1 3", "park a#1 RETRY 1", "acknowledge a#1 2");
    }

    @Test
    void whatComesBehindAHeadThatWaitsIsHeldAndReleasedWithItWhereTheBrokerBoundsWhatIsUnfinished() {
        engine = running(
                new EngineLimits(1, 9, 999, 9, 1_000_000, true, ExhaustedPolicy.BLOCK, false, false, OrderingMode.KEY));
        engine.keyed(A, 1, "k");
        engine.keyed(A, 2, "k");

        assertThat(engine.failed(A, 0, Verdict.EXHAUSTED))
                .contains("hold a#1 1", "hold a#1 2")
                .doesNotContain("start a#1 2..2 attempt 1");
        assertThat(engine.keyed(A, 3, "k")).containsExactly("hold a#1 3");
        assertThat(engine.keyed(A, 4, "other")).containsExactly("start a#1 4..4 attempt 1");
        assertThat(engine.deadLetterFailed(A)).noneMatch(said -> said.startsWith("hold"));
        engine.timer(A);
        assertThat(engine.deadLetterConfirmed(A)).contains("release a#1 1", "release a#1 2", "release a#1 3");
        assertThat(engine.keyed(A, 5, "k")).noneMatch(said -> said.startsWith("hold"));
    }

    @Test
    void anotherLaneFlowsWhileOneWaits() {
        engine.assigned(B);
        engine.delivered(A, 1, 1);
        engine.failed(A, 0, Verdict.RETRY);
        assertThat(engine.delivered(A, 2, 2)).isEmpty();
        assertThat(engine.delivered(B, 1, 1)).containsExactly("start b#1 1..1 attempt 1");
    }

    @Test
    void anExhaustedMessageBlocksItsLaneByDefaultAndIsAnnouncedOnce() {
        engine.delivered(A, 1, 1);
        assertThat(engine.failed(A, 0, Verdict.EXHAUSTED))
                .containsExactly("exhausted 1 after attempt 1", "hold a#1 1", "park a#1 BLOCK 1");
        engine.timer(A);
        assertThat(engine.failed(A, 0, Verdict.EXHAUSTED)).containsExactly("hold a#1 1", "park a#1 BLOCK 2");
    }

    @Test
    void anExhaustedMessageIsDiscardedWhenConfiguredAndTheNextStarts() {
        engine = running(EngineFixture.exhausted(ExhaustedPolicy.DISCARD));
        engine.delivered(A, 1, 2);
        assertThat(engine.failed(A, 0, Verdict.EXHAUSTED))
                .containsExactly(
                        "exhausted 1 after attempt 1", "discarded 1", "acknowledge a#1 1", "start a#1 2..2 attempt 1");
    }

    @Test
    void anExhaustedMessageStopsTheSubscriptionWhenConfigured() {
        engine = running(EngineFixture.exhausted(ExhaustedPolicy.STOP));
        engine.delivered(A, 1, 2);
        assertThat(engine.failed(A, 0, Verdict.EXHAUSTED))
                .containsExactly("exhausted 1 after attempt 1", "failed by no stock", "drained");
        assertThat(engine.machine().returnedCount()).isEqualTo(2);
    }

    @Test
    void aSourceIsAcknowledgedOnlyAfterItsDeadLetterIsConfirmed() {
        engine = running(DEAD_LETTERS);
        engine.delivered(A, 1, 2);
        assertThat(engine.failed(A, 0, Verdict.EXHAUSTED))
                .containsExactly("exhausted 1 after attempt 1", "hold a#1 1", "dead letter a#1 1 after attempt 1");
        assertThat(engine.deadLetterConfirmed(A))
                .containsExactly("release a#1 1", "acknowledge a#1 1", "start a#1 2..2 attempt 1");
    }

    @Test
    void aDeadLetterThatCanNotBeWrittenIsTriedAgainAndHoldsItsLane() {
        engine = running(DEAD_LETTERS);
        engine.delivered(A, 1, 2);
        engine.failed(A, 0, Verdict.EXHAUSTED);
        assertThat(engine.deadLetterFailed(A)).containsExactly("park a#1 DEAD_LETTER 1");
        assertThat(engine.timer(A)).containsExactly("dead letter a#1 1 after attempt 1");
        assertThat(engine.deadLetterFailed(A)).containsExactly("park a#1 DEAD_LETTER 2");
    }

    @Test
    void aFatalErrorFailsTheSubscriptionWithoutRetryOrDeadLetter() {
        engine = running(DEAD_LETTERS);
        engine.delivered(A, 1, 2);
        assertThat(engine.failed(A, 1, Verdict.FATAL))
                .containsExactly("failed by broken", "acknowledge a#1 1", "drained");
    }

    @Test
    void aRevocationWaitsForTheRunningMessageAndThenLetsGo() {
        engine.delivered(A, 1, 3);
        assertThat(engine.revoking(7, A)).containsExactly("stop run a#1");
        assertThat(engine.delivered(A, 4, 4)).isEmpty();
        assertThat(engine.ran(A, 1)).containsExactly("acknowledge a#1 1", "revocation 7 done");
    }

    @Test
    void aRevocationEndsABackOffAtOnce() {
        engine.delivered(A, 1, 1);
        engine.failed(A, 0, Verdict.RETRY);
        assertThat(engine.revoking(7, A)).containsExactly("cancel timer a#1", "release a#1 1", "revocation 7 done");
        assertThat(engine.timer(A)).isEmpty();
    }

    @Test
    void aRevocationOfTwoIsDoneWhenBothAreLetGo() {
        engine.assigned(B);
        engine.delivered(A, 1, 1);
        engine.delivered(B, 1, 1);
        assertThat(engine.revoking(7, A, B)).containsExactly("stop run a#1", "stop run b#1");
        assertThat(engine.ran(A, 1)).containsExactly("acknowledge a#1 1");
        assertThat(engine.ran(B, 1)).containsExactly("acknowledge b#1 1", "revocation 7 done");
    }

    @Test
    void whatEndsTogetherAtARevocationIsAcknowledgedBeforeAnyOfItIsLetGo() {
        engine.assigned(B);
        engine.delivered(A, 1, 2);
        engine.delivered(B, 1, 3);
        engine.revoking(7, A, B);
        assertThat(engine.ranTogether(2, A, B))
                .containsExactly("acknowledge a#1 2", "acknowledge b#1 2", "revocation 7 done");
    }

    @Test
    void aRevocationOfWhatIsNotHeldIsDoneAtOnce() {
        assertThat(engine.revoking(7, B)).containsExactly("revocation 7 done");
    }

    @Test
    void anExpiredRevocationLetsGoAndTheLateResultIsDropped() {
        engine.delivered(A, 1, 3);
        engine.revoking(7, A);
        engine.progressed(A, 1);
        assertThat(engine.apply(new EngineEvent.RevokeExpired(7))).containsExactly("revocation 7 done");
        assertThat(engine.ran(A, 2)).containsExactly("dropped a#1 1");
    }

    @Test
    void aLateDeadLetterOfAGoneAssignmentAcknowledgesNothing() {
        engine = running(DEAD_LETTERS);
        engine.delivered(A, 1, 1);
        engine.failed(A, 0, Verdict.EXHAUSTED);
        engine.lost(A);
        assertThat(engine.deadLetterConfirmed(A)).isEmpty();
    }

    @Test
    void theResultOfALostAssignmentIsDropped() {
        engine.delivered(A, 1, 3);
        assertThat(engine.lost(A)).containsExactly("stop run a#1");
        assertThat(engine.ran(A, 1)).containsExactly("dropped a#1 1");
    }

    @Test
    void aPartitionThatComesBackWaitsForItsOldRunToEnd() {
        engine.delivered(A, 1, 3);
        engine.lost(A);
        engine.assigned(A_AGAIN);
        assertThat(engine.delivered(A_AGAIN, 1, 3)).isEmpty();
        assertThat(engine.ran(A, 1)).containsExactly("dropped a#1 1", "start a#2 1..3 attempt 1");
    }

    @Test
    void atMostMaxUncommittedMessagesAreFinishedAndNotCommitted() {
        engine = running(bounds(2, 1_000, 2));
        assertThat(engine.delivered(A, 1, 3)).containsExactly("start a#1 1..2 attempt 1");
        assertThat(engine.ran(A, 2)).containsExactly("acknowledge a#1 2");
        assertThat(engine.committed(A, 2)).containsExactly("start a#1 3..3 attempt 1");
    }

    @Test
    void theIntakeOfAFullLaneStopsUntilHalfOfItsShareIsFinished() {
        engine = running(bounds(1, 8, 1_000));
        engine.assigned(B);
        assertThat(engine.delivered(A, 1, 4)).containsExactly("pause a#1", "start a#1 1..4 attempt 1");
        assertThat(engine.delivered(B, 1, 3)).isEmpty();
        assertThat(engine.progressed(A, 1)).containsExactly("acknowledge a#1 1");
        assertThat(engine.progressed(A, 2)).containsExactly("stop run a#1", "acknowledge a#1 2", "resume a#1");
    }

    @Test
    void aRunYieldsOnItsSecondTickWhenAnotherLaneWaits() {
        engine = running(bounds(1, 1_000, 1_000));
        engine.assigned(B);
        engine.delivered(A, 1, 4);
        engine.delivered(B, 1, 1);
        assertThat(engine.progressed(A, 1)).containsExactly("acknowledge a#1 1");
        assertThat(engine.progressed(A, 2)).containsExactly("stop run a#1", "acknowledge a#1 2");
        assertThat(engine.ran(A, 3)).containsExactly("acknowledge a#1 3", "start b#1 1..1 attempt 1");
        assertThat(engine.ran(B, 1)).containsExactly("acknowledge b#1 1", "start a#1 4..4 attempt 1");
    }

    @Test
    void aRunGoesOnWhenNobodyWaits() {
        engine.delivered(A, 1, 4);
        engine.progressed(A, 0);
        assertThat(engine.progressed(A, 0)).isEmpty();
    }

    @Test
    void aMessageHeldForTooLongGivesItsAssignmentBack() {
        engine = running(new EngineLimits(2, 1_000, 1_000_000, 1_000, 50, false, ExhaustedPolicy.BLOCK));
        assertThat(engine.delivered(A, 1, 2)).containsExactly("watch a#1 at 50", "start a#1 1..2 attempt 1");
        assertThat(engine.apply(new EngineEvent.HoldDue(A, 49))).containsExactly("watch a#1 at 50");
        assertThat(engine.apply(new EngineEvent.HoldDue(A, 50))).containsExactly("stop run a#1", "recycle a#1");
        assertThat(engine.revoking(1, A)).containsExactly("stop run a#1");
        assertThat(engine.ran(A, 1)).containsExactly("acknowledge a#1 1", "revocation 1 done");
    }

    @Test
    void aLaneWithoutMessagesIsNotWatched() {
        engine = running(new EngineLimits(2, 1_000, 1_000_000, 1_000, 50, false, ExhaustedPolicy.BLOCK));
        engine.delivered(A, 1, 1);
        assertThat(engine.ran(A, 1)).containsExactly("acknowledge a#1 1", "unwatch a#1");
    }

    @Test
    void aStopEndsBackOffsWaitsForRunsAndDrainsOnce() {
        engine.assigned(B);
        engine.delivered(A, 1, 2);
        engine.delivered(B, 1, 1);
        engine.failed(B, 0, Verdict.RETRY);
        assertThat(engine.stop()).containsExactly("stop run a#1", "cancel timer b#1", "release b#1 1");
        assertThat(engine.ran(A, 1)).containsExactly("acknowledge a#1 1", "drained");
        assertThat(engine.stop()).isEmpty();
        assertThat(List.of(engine.machine().drainedCount(), engine.machine().returnedCount()))
                .containsExactly(1L, 2L);
    }

    @Test
    void nothingStartsAfterAStop() {
        assertThat(engine.stop()).containsExactly("drained");
        engine.assigned(B);
        assertThat(engine.delivered(A, 1, 1)).isEmpty();
        assertThat(engine.delivered(B, 1, 1)).isEmpty();
    }

    @Test
    void anExpiredStopAbandonsWhatStillRuns() {
        engine.delivered(A, 1, 3);
        engine.stop();
        engine.progressed(A, 1);
        assertThat(engine.stopExpired()).containsExactly("drained");
        assertThat(engine.machine().abandoned())
                .containsExactly(EngineFixture.message(A, 2).position());
        assertThat(engine.machine().returnedCount()).isEqualTo(1);
        assertThat(engine.ran(A, 2)).containsExactly("dropped a#1 1");
    }

    /** The report of a run travels: the limit may pass between the last message and the report. */
    @Test
    void anExpiredStopAbandonsNothingOfARunThatOnlyOwesItsReport() {
        engine.delivered(A, 1, 2);
        engine.stop();
        engine.progressed(A, 2);
        assertThat(engine.stopExpired()).containsExactly("drained");
        assertThat(engine.machine().abandoned()).isEmpty();
        assertThat(engine.machine().returnedCount()).isZero();
    }

    @Test
    void anExpiredStopDoesNotCallAQueuedMessageAbandoned() {
        engine.delivered(A, 1, 1);
        engine.delivered(A, 2, 2);
        engine.stop();
        engine.progressed(A, 1);
        engine.stopExpired();
        assertThat(engine.machine().abandoned()).isEmpty();
        assertThat(engine.machine().returnedCount()).isEqualTo(1);
    }

    @Test
    void aRunThatWasNeverStartedIsAnErrorOfOurOwn() {
        assertThatThrownBy(() -> engine.ran(B, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCopyGoesItsOwnWay() {
        engine.delivered(A, 1, 2);
        EngineState copy = engine.machine().copy();
        String before = copy.dump();
        engine.ran(A, 2);
        assertThat(copy.dump()).isEqualTo(before).isNotEqualTo(engine.machine().dump());
    }
}
