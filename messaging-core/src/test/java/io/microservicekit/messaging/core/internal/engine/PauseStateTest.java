package io.microservicekit.messaging.core.internal.engine;

import static io.microservicekit.messaging.api.OrderingMode.PARTITION;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.A;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.B;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.DEAD_LETTERS;
import static io.microservicekit.messaging.core.internal.engine.EngineFixture.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The state machine when it is paused, and when a dead letter is too large. */
class PauseStateTest {
    private EngineFixture engine = running(LIMITS);

    private static EngineFixture running(EngineLimits limits) {
        EngineFixture engine = new EngineFixture(limits);
        engine.assigned(A);
        return engine;
    }

    private List<String> pause() {
        return engine.apply(new EngineEvent.Pause());
    }

    private List<String> resume() {
        return engine.apply(new EngineEvent.Resume());
    }

    @Test
    void aPauseLetsTheCalledHandlerReturnAndStartsNothingMore() {
        engine.delivered(A, 1, 3);
        assertThat(pause()).containsExactly("stop run a#1", "pause a#1");
        assertThat(engine.ran(A, 1)).containsExactly("acknowledge a#1 1");
        assertThat(engine.delivered(A, 4, 4)).isEmpty();
        assertThat(resume()).containsExactly("resume a#1", "start a#1 2..3 attempt 1");
    }

    @Test
    void pausingAndResumingTwiceChangesNothing() {
        assertThat(pause()).containsExactly("pause a#1");
        assertThat(pause()).isEmpty();
        assertThat(resume()).containsExactly("resume a#1");
        assertThat(resume()).isEmpty();
    }

    @Test
    void aBackOffThatEndsDuringThePauseIsFollowedByItsAttemptAfterIt() {
        engine.delivered(A, 1, 1);
        engine.failed(A, 0, Verdict.RETRY);
        pause();
        assertThat(engine.timer(A)).containsExactly("release a#1 1");
        assertThat(resume()).containsExactly("resume a#1", "start a#1 1..1 attempt 2");
    }

    @Test
    void aBackOffThatOutlastsThePauseGoesOn() {
        engine.delivered(A, 1, 1);
        engine.failed(A, 0, Verdict.RETRY);
        pause();
        assertThat(resume()).containsExactly("resume a#1");
        assertThat(engine.timer(A)).containsExactly("release a#1 1", "start a#1 1..1 attempt 2");
    }

    @Test
    void whatIsAssignedDuringThePauseBeginsPaused() {
        pause();
        assertThat(engine.assigned(B)).containsExactly("pause b#1");
        assertThat(engine.delivered(B, 1, 1)).isEmpty();
        assertThat(resume()).containsExactly("resume a#1", "resume b#1", "start b#1 1..1 attempt 1");
    }

    @Test
    void aFullLaneStaysPausedAfterThePause() {
        engine = running(new EngineLimits(1, 2, 1_000_000, 1_000, 0, false, ExhaustedPolicy.BLOCK));
        assertThat(engine.delivered(A, 1, 2)).containsExactly("pause a#1", "start a#1 1..2 attempt 1");
        pause();
        assertThat(resume()).isEmpty();
        assertThat(engine.ran(A, 1)).containsExactly("acknowledge a#1 1", "resume a#1", "start a#1 2..2 attempt 1");
    }

    @Test
    void aRevocationDuringThePauseLetsGo() {
        engine.delivered(A, 1, 2);
        pause();
        assertThat(engine.revoking(7, A)).containsExactly("stop run a#1");
        assertThat(engine.ran(A, 1)).containsExactly("acknowledge a#1 1", "revocation 7 done");
        assertThat(resume()).isEmpty();
    }

    @Test
    void aStopDuringThePauseDrains() {
        engine.delivered(A, 1, 2);
        pause();
        engine.stop();
        assertThat(engine.ran(A, 1)).containsExactly("acknowledge a#1 1", "drained");
        assertThat(resume()).isEmpty();
    }

    @Test
    void aDeadLetterOfWhatWasHandledIsWrittenDuringThePause() {
        engine = running(DEAD_LETTERS);
        engine.delivered(A, 1, 1);
        pause();
        assertThat(engine.failed(A, 0, Verdict.EXHAUSTED))
                .containsExactly("exhausted 1 after attempt 1", "hold a#1 1", "dead letter a#1 1 after attempt 1");
        assertThat(engine.deadLetterConfirmed(A)).containsExactly("release a#1 1", "acknowledge a#1 1");
    }

    private List<String> tooLarge() {
        return engine.deadLetterFailed(
                A, new SendException(ErrorCode.MESSAGE_TOO_LARGE, SendOutcome.NOT_DELIVERED, "too large", null));
    }

    @Test
    void aDeadLetterThatIsTooLargeIsCutAtOnceAndThenItsLaneWaits() {
        engine = running(DEAD_LETTERS);
        engine.delivered(A, 1, 2);
        engine.failed(A, 0, Verdict.EXHAUSTED);
        assertThat(tooLarge()).containsExactly("dead letter a#1 1 after attempt 1 as FIVE_HEADERS");
        assertThat(tooLarge()).containsExactly("park a#1 DEAD_LETTER 1");
        assertThat(engine.timer(A)).containsExactly("dead letter a#1 1 after attempt 1 as FIVE_HEADERS");
        assertThat(engine.deadLetterConfirmed(A))
                .containsExactly("release a#1 1", "acknowledge a#1 1", "start a#1 2..2 attempt 1");
    }

    @Test
    void aDeadLetterThatIsTooLargeInAnyFormIsReplacedByAPointerWhenConfigured() {
        engine = running(
                new EngineLimits(2, 1_000, 1_000_000, 1_000, 0, true, ExhaustedPolicy.BLOCK, false, true, PARTITION));
        engine.delivered(A, 1, 2);
        engine.failed(A, 0, Verdict.EXHAUSTED);
        tooLarge();
        assertThat(tooLarge()).containsExactly("dead letter a#1 1 after attempt 1 as POINTER");
        engine.deadLetterConfirmed(A);
        assertThat(engine.failed(A, 0, Verdict.EXHAUSTED)).last().isEqualTo("dead letter a#1 2 after attempt 1");
    }

    @Test
    void anotherFailureOfACutDeadLetterIsTriedAgainAsUsual() {
        engine = running(DEAD_LETTERS);
        engine.delivered(A, 1, 1);
        engine.failed(A, 0, Verdict.EXHAUSTED);
        tooLarge();
        assertThat(engine.deadLetterFailed(A)).containsExactly("park a#1 DEAD_LETTER 1");
        assertThat(engine.timer(A)).containsExactly("dead letter a#1 1 after attempt 1 as FIVE_HEADERS");
    }
}
