package io.microservicekit.messaging.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.api.ExhaustedPolicy;
import io.microservicekit.messaging.core.internal.engine.ModelStep.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Visits every state that two members, a broker and their handlers can reach within small bounds, with the real engine inside, and checks what it
 * promises at each step. One world with every fault is too large to visit, so that each test leaves out the faults of the others.
 */
class EngineModelTest {
    private static final Set<Kind> COARSE = EnumSet.of(Kind.START, Kind.COMMIT_APPLIED, Kind.FENCE, Kind.TICK);

    @Test
    void oneAssignmentLivesAndEndsInEveryWay() {
        ModelSearch search = visit(
                world("life").offsets(3).crashes(1).stops(1).fails(2).fatals(1).letterFails(1));
        assertThat(search.states()).isGreaterThanOrEqualTo(104_000);
        assertThat(search.marks().keySet())
                .containsAll(names(EnumSet.complementOf(EnumSet.of(
                        Kind.HOLD_DUE,
                        Kind.REPORT_ALL,
                        Kind.REVOKE_RECYCLED,
                        Kind.REVOKE_ALL,
                        Kind.USER_COMMIT,
                        Kind.STALE_COMMIT,
                        Kind.PAUSE,
                        Kind.RESUME))));
        assertThat(search.marks().keySet())
                .contains("LATE_REPORT", "LATE_LETTER", "EXPIRED_RUNNING", "EXPIRED_DEAD_LETTERING", "LOST_BUSY")
                .contains("STOP_EXPIRED_RUNNING", "CRASH_RUNNING");
    }

    @Test
    void aPartitionPassesBetweenMembersOfWhichOneCrashes() {
        ModelSearch search = visit(world("rebalance")
                .offsets(3)
                .assignments(2)
                .crashes(1)
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(6_000);
        assertThat(search.marks().keySet())
                .contains("ASSIGN", "REVOKE", "REVOKE_EXPIRED", "LET_GO", "LOST_BUSY", "LATE_REPORT", "CRASH_RUNNING");
    }

    @Test
    void aMemberThatDoesNotKnowOfItsLossHarmsNobody() {
        ModelSearch search = visit(world("zombie")
                .offsets(2)
                .assignments(2)
                .crashes(1)
                .fails(1)
                .without(EnumSet.of(Kind.START, Kind.COMMIT_APPLIED, Kind.TICK)));
        assertThat(search.states()).isGreaterThanOrEqualTo(68_000);
        assertThat(search.marks().keySet())
                .contains("FENCE", "LOST_BUSY", "LATE_REPORT", "COMMIT_FAILED", "LET_GO_UNCOMMITTED", "TIMER");
    }

    @Test
    void aPartitionThatIsHeldTooLongIsGivenBackAndTakenAnew() {
        ModelSearch search = visit(world("recycle")
                .offsets(2)
                .assignments(2)
                .fails(1)
                .holds(1)
                .without(EnumSet.of(Kind.COMMIT_APPLIED, Kind.FENCE, Kind.TICK, Kind.COMMIT_FAILED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(70_000);
        assertThat(search.marks().keySet()).contains("HOLD_DUE", "REVOKE_RECYCLED", "LATE_REPORT");
    }

    @Test
    void twoPartitionsLeaveTogetherOrApart() {
        ModelSearch search = visit(world("two partitions")
                .partitions(2)
                .offsets(2)
                .crashes(1)
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED, Kind.LOST)));
        assertThat(search.states()).isGreaterThanOrEqualTo(88_000);
        assertThat(search.marks().keySet())
                .contains("REVOKE_ALL", "REVOKE", "REVOKE_EXPIRED", "LATE_REPORT", "CRASH", "REPORT_ALL");
    }

    @Test
    void anExhaustedMessageWithoutDeadLetterTopicBlocksIsDiscardedOrStops() {
        for (ExhaustedPolicy policy : ExhaustedPolicy.values()) {
            ModelSearch search = visit(world(policy.name())
                    .offsets(2)
                    .stops(1)
                    .fails(3)
                    .policy(policy)
                    .without(EnumSet.of(Kind.START, Kind.COMMIT_APPLIED, Kind.FENCE)));
            assertThat(search.states()).isGreaterThanOrEqualTo(6_000);
            assertThat(search.marks().keySet()).contains("FAIL", "TIMER", "STOP", "TICK", "CLOSE");
        }
    }

    @Test
    void usersCommitInAnyOrderBeforeAndAfterTheHandlerEnds() {
        ModelSearch search = visit(world("manual")
                .offsets(3)
                .stops(1)
                .fails(1)
                .manual()
                .without(EnumSet.of(Kind.START, Kind.COMMIT_APPLIED, Kind.FENCE, Kind.TICK, Kind.COMMIT_FAILED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(62_000);
        assertThat(search.marks().keySet())
                .contains("USER_COMMIT", "COMMIT_OF_OLD_EPOCH", "COMMITTED_BEFORE_EXCEPTION", "STOP_EXPIRED_RUNNING")
                .contains("EXPIRED_RUNNING", "LOST_BUSY", "CLOSE");
    }

    @Test
    void aPartitionPassesBetweenMembersWhoseUsersCommitLate() {
        ModelSearch search = visit(world("manual rebalance")
                .offsets(2)
                .assignments(2)
                .crashes(1)
                .fails(1)
                .manual()
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(118_000);
        assertThat(search.marks().keySet())
                .contains("ASSIGN", "REVOKE", "CRASH_RUNNING", "COMMIT_OF_OLD_EPOCH", "COMMITTED_BEFORE_EXCEPTION");
    }

    @Test
    void aPausedSubscriptionStartsNothingAndLosesNothing() {
        ModelSearch search = visit(world("pause")
                .offsets(2)
                .stops(1)
                .fails(1)
                .pauses(2)
                .without(EnumSet.of(Kind.START, Kind.COMMIT_APPLIED, Kind.FENCE, Kind.TICK, Kind.COMMIT_FAILED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(19_000);
        assertThat(search.marks().keySet())
                .contains("PAUSE", "RESUME", "TIMER", "REVOKE", "LOST_BUSY", "STOP", "EXPIRED_RUNNING");
    }

    @Test
    void aDeadLetterThatIsTooLargeIsCutAndNeverGrowsAgain() {
        ModelSearch search = visit(world("too large")
                .offsets(2)
                .stops(1)
                .fails(2)
                .letterFails(4)
                .manual()
                .without(EnumSet.of(Kind.START, Kind.COMMIT_APPLIED, Kind.FENCE, Kind.TICK, Kind.COMMIT_FAILED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(33_000);
        assertThat(search.marks().keySet()).contains("LETTER_TOO_LARGE", "LETTER_FAIL", "LATE_LETTER", "LETTER_OK");
    }

    @Test
    void keysAreHandledSideBySideAndEachInOrderInOneAssignment() {
        ModelSearch search = visit(world("key")
                .offsets(3)
                .keys("aba")
                .stops(1)
                .fails(2)
                .letterFails(1)
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED, Kind.CLOSE_UNCOMMITTED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(10_000);
        assertThat(search.marks().keySet())
                .contains("FAIL", "TIMER", "LETTER_OK", "LETTER_FAIL", "REVOKE_EXPIRED", "STOP_EXPIRED", "LOST_BUSY");
    }

    @Test
    void keysPassWithTheirPartitionBetweenMembersOfWhichOneCrashes() {
        ModelSearch search = visit(world("key rebalance")
                .offsets(3)
                .keys("aba")
                .assignments(2)
                .crashes(1)
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(10_000);
        assertThat(search.marks().keySet()).contains("LATE_REPORT", "CRASH_RUNNING", "REVOKE_EXPIRED", "LOST_BUSY");
    }

    @Test
    void messagesWithoutKeyAreInNoOrderBesideThoseOfAKey() {
        ModelSearch search = visit(world("null keys")
                .offsets(3)
                .keys("a-a")
                .fails(1)
                .pauses(1)
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(5_000);
        assertThat(search.marks().keySet()).contains("PAUSE", "RESUME", "TIMER");
    }

    @Test
    void messagesInNoOrderAreEachFinishedOnce() {
        ModelSearch search = visit(world("unordered")
                .offsets(3)
                .unordered()
                .assignments(2)
                .fails(1)
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(10_000);
        assertThat(search.marks().keySet()).contains("TIMER", "LATE_REPORT", "REVOKE_EXPIRED");
    }

    @Test
    void usersCommitWhatWasHandledByKey() {
        ModelSearch search = visit(world("key manual")
                .offsets(3)
                .keys("aba")
                .fails(1)
                .holds(1)
                .manual()
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED, Kind.STALE_COMMIT)));
        assertThat(search.states()).isGreaterThanOrEqualTo(10_000);
        assertThat(search.marks().keySet()).contains("USER_COMMIT", "COMMITTED_BEFORE_EXCEPTION", "HOLD_DUE");
    }

    @Test
    @Tag("long-model")
    void aPartitionPassesThreeTimesBetweenMembersThatCrashTwice() {
        ModelSearch search = visit(world("three times")
                .offsets(3)
                .assignments(3)
                .crashes(2)
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(46_000);
        assertThat(search.marks().keySet())
                .contains("ASSIGN", "REVOKE", "REVOKE_EXPIRED", "LET_GO", "LOST_BUSY", "LATE_REPORT", "CRASH_RUNNING");
    }

    @Test
    @Tag("long-model")
    void keysPassThreeTimesBetweenMembersThatCrashTwice() {
        ModelSearch search = visit(world("long key rebalance")
                .offsets(3)
                .keys("aba")
                .assignments(3)
                .crashes(2)
                .without(COARSE)
                .without(EnumSet.of(Kind.COMMIT_FAILED, Kind.LET_GO_UNCOMMITTED)));
        assertThat(search.states()).isGreaterThanOrEqualTo(100_000);
    }

    @Test
    @Tag("long-model")
    void aPartitionPassesBetweenMembersWithEachCommitInDoubt() {
        ModelSearch search = visit(world("long rebalance")
                .offsets(3)
                .assignments(2)
                .crashes(1)
                .fails(1)
                .without(EnumSet.of(Kind.COMMIT_APPLIED, Kind.FENCE)));
        assertThat(search.states()).isGreaterThanOrEqualTo(320_000);
    }

    private static ModelBounds.Builder world(String name) {
        return new ModelBounds.Builder(name);
    }

    private static ModelSearch visit(ModelBounds.Builder bounds) {
        ModelSearch search = new ModelSearch(bounds.build()).run();
        System.out.println(search + " " + search.marks());
        assertThat(search.complete()).as("histories that end well").isPositive();
        return search;
    }

    private static List<String> names(Set<Kind> kinds) {
        return kinds.stream().map(Kind::name).toList();
    }
}
