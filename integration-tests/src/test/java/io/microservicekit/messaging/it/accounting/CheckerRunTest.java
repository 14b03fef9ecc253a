package io.microservicekit.messaging.it.accounting;

import static io.microservicekit.messaging.it.accounting.Judgement.assertBreaks;
import static io.microservicekit.messaging.it.accounting.Judgement.assertGood;
import static io.microservicekit.messaging.it.accounting.Judgement.promises;
import static io.microservicekit.messaging.it.accounting.Story.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.microservicekit.messaging.it.accounting.Event.Change;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules about a whole run (A7 to A12) and the report, each on a bad history beside the nearest good one. */
class CheckerRunTest {
    private static Story oneHandled() {
        return new Story().sent(id(1)).handled(id(1));
    }

    private static Story onePoisoned() {
        return new Story()
                .sent(id(1), id(2))
                .failed(id(1), 1)
                .failed(id(1), 2)
                .deadLettered(id(1))
                .handled(id(2));
    }

    private static ExpectationsBuilder poison(long seq, List<MessageId> found) {
        return promises()
                .poison(List.of(id(seq)), DeadLetterEvidence.AT_CONFIRM)
                .endsWith(new EndState(Map.of(), found));
    }

    @Test
    void theLongestSendIsFromItsBeginningToItsOutcomeWhateverThatIs() {
        Story story = new Story().intent(id(1)).intent(id(2)).later(Duration.ofSeconds(3));
        assertThat(story.rejected(id(1)).sent(id(3)).history().longestSend()).isEqualTo(Duration.ofMillis(3_001));
        assertThat(story.unknown(id(2)).history().longestSend()).isEqualTo(Duration.ofMillis(3_003));
    }

    @Test
    void aLagInTheEndIsTold() {
        EndState end = new EndState(Map.of("g orders-0", 3L, "g orders-1", 0L), List.of());
        assertBreaks(
                Rule.A7_END_STATE,
                "1 places not drained: g orders-0 holds 3",
                oneHandled(),
                promises().endsWith(end));
    }

    @Test
    void theDeadLettersAreExactlyThePoisonOnceEach() {
        assertGood(onePoisoned(), poison(1, List.of(id(1))));
        assertBreaks(Rule.A7_END_STATE, "missing", onePoisoned(), poison(1, List.of()));
        assertBreaks(Rule.A7_END_STATE, "second copies", onePoisoned(), poison(1, List.of(id(1), id(1))));
        assertBreaks(Rule.A7_END_STATE, "no poison: orders/p/k/2", onePoisoned(), poison(1, List.of(id(1), id(2))));
    }

    @Test
    void aGoodMessageDeadLetteredAndAPoisonHandledAreTold() {
        assertBreaks(Rule.A7_END_STATE, "dead-lettered that are no poison", onePoisoned(), promises());
        ExpectationsBuilder expected = promises().poison(List.of(id(1)), DeadLetterEvidence.AT_CONFIRM);
        assertBreaks(Rule.A7_END_STATE, "not dead-lettered", oneHandled(), expected);
    }

    @Test
    void deadLettersFoundByDrainingFinishWithTheirLastFailure() {
        Story story =
                new Story().sent(id(1), id(2)).failed(id(1), 1).failed(id(1), 2).handled(id(2));
        story.committed(2).deadLettered(id(1));
        assertGood(story, promises().poison(List.of(id(1)), DeadLetterEvidence.AT_DRAIN));
        assertThat(Checker.check(
                        story.history(),
                        promises()
                                .poison(List.of(id(1)), DeadLetterEvidence.AT_CONFIRM)
                                .build()))
                .extracting(Violation::rule)
                .contains(Rule.A4_ORDER, Rule.A6_COMMIT_SAFETY);
    }

    @Test
    void aBacklogMustNotStandStillOutsideFaults() {
        Duration allowed = Duration.ofSeconds(30);
        assertGood(stalled(allowed), promises());
        Story longer = stalled(allowed.plusMillis(1));
        assertBreaks(Rule.A8_LIVENESS, "the fleet for 30001 ms with 1 waiting", longer, promises());
        assertGood(longer, promises().neverStallsFor(allowed.plusMillis(1)));
    }

    private static Story stalled(Duration time) {
        Story story = new Story().intent(id(1)).add(Story.PRODUCER, Event.Sent.ack(id(1)));
        return story.later(time.minusMillis(1)).handled(id(1));
    }

    @Test
    void aStallUntilTheEndOfTheHistoryIsAStall() {
        Story story = new Story().sent(id(1)).later(Duration.ofSeconds(31)).committed(0);
        assertThat(Checker.check(story.history(), promises().build()))
                .extracting(Violation::rule)
                .containsExactly(Rule.A1_LOST, Rule.A8_LIVENESS);
    }

    @Test
    void anIdleOrFaultyTimeIsNoStall() {
        Duration minute = Duration.ofMinutes(1);
        assertGood(oneHandled().later(minute).sent(id(2)).handled(id(2)), promises());
        Story faulty = new Story()
                .sent(id(1))
                .fault("kill")
                .later(minute)
                .healed("kill")
                .handled(id(1));
        assertGood(faulty, promises());
    }

    @Test
    void aPartitionThatStandsStillWhileTheFleetGoesOnIsTold() {
        MessageId stuck = id("stuck", 1);
        Story story = new Story().intent(stuck).add(Story.PRODUCER, Event.Sent.ack(stuck, new Position(1, 0)));
        for (int seq = 1; seq <= 4; seq++) {
            story.sent(id(seq)).handled(id(seq)).later(Duration.ofSeconds(9));
        }
        assertBreaks(Rule.A8_LIVENESS, "orders-1 for 36", story.handled(stuck), promises());
    }

    @Test
    void aRebalanceStartsTheClocksOfThePartitionsAnew() {
        MessageId late = id("late", 1);
        Story story = new Story().intent(late).add(Story.PRODUCER, Event.Sent.ack(late, new Position(1, 0)));
        for (int seq = 1; seq <= 4; seq++) {
            story.sent(id(seq)).handled(id(seq)).later(Duration.ofSeconds(9));
            story.changed(Change.ASSIGN, "d");
        }
        assertGood(story.handled(late), promises());
    }

    @Test
    void aStormOfRebalancesDoesNotHideAStallOfTheFleet() {
        Story story = new Story().sent(id(1));
        for (int i = 0; i < 4; i++) {
            story.later(Duration.ofSeconds(9)).changed(Change.ASSIGN, "c");
        }
        assertBreaks(Rule.A8_LIVENESS, "the fleet for 36", story.handled(id(1)), promises());
    }

    @Test
    void recoveryKeepsItsBound() {
        Duration bound = Duration.ofSeconds(15);
        ExpectationsBuilder expected = promises().recoversWithin("kill", bound);
        assertGood(recovering(bound), expected);
        assertBreaks(Rule.A9_RECOVERY, "kill to completion took 15001", recovering(bound.plusMillis(1)), expected);
    }

    /** The completion comes so long after the heal; its start 1 ms earlier. */
    private static Story recovering(Duration time) {
        Story story = new Story().sent(id(1)).fault("kill").healed("kill");
        return story.later(time.minusMillis(1)).handled(id(1));
    }

    @Test
    void sendsRecoverTooAndAHealWithoutAnyProgressIsTold() {
        ExpectationsBuilder expected = promises().recoversWithin("kill", Duration.ofSeconds(1));
        Story slow = oneHandled().fault("kill").healed("kill").intent(id(2)).later(Duration.ofSeconds(2));
        slow.add(Story.PRODUCER, Event.Sent.ack(id(2))).handled(id(2));
        assertBreaks(Rule.A9_RECOVERY, "kill to acknowledged send took 2000 of 1000 ms", slow, expected);
        Story never = oneHandled().fault("kill").healed("kill").intent(id(2)).unknown(id(2));
        assertBreaks(Rule.A9_RECOVERY, "never came", never, expected);
    }

    @Test
    void aCloseKeepsItsDeadlineAndOneSecond() {
        assertGood(closing(Duration.ofSeconds(6)), promises());
        assertBreaks(Rule.A10_SHUTDOWN, "client took PT6.001S of PT5S", closing(Duration.ofMillis(6_001)), promises());
    }

    private static Story closing(Duration took) {
        return oneHandled().closing(Duration.ofSeconds(5)).later(took).closed();
    }

    @Test
    void aCloseThatNeverReturnsIsAllowedToAKilledProcessOnly() {
        Story story = oneHandled().closing(Duration.ofSeconds(5));
        assertBreaks(Rule.A10_SHUTDOWN, "never returned: consumer#0/client", story, promises());
        assertGood(story, promises().killed("consumer"));
    }

    @Test
    void aThreadLeftBehindIsTold() {
        List<String> before = List.of("main", "worker");
        assertGood(oneHandled(), promises().threads(before, List.of("worker", "main")));
        assertBreaks(
                Rule.A11_HYGIENE,
                "1 threads left behind: worker",
                oneHandled(),
                promises().threads(before, List.of("worker", "main", "worker")));
    }

    @Test
    void aRunWithoutMessagesProvesNothing() {
        assertBreaks(Rule.A12_NOT_VACUOUS, "no message was acknowledged", new Story(), promises());
    }

    @Test
    void aPlannedFaultMustFireAndBeHealedAsOftenAsPlanned() {
        Story story = new Story()
                .intent(id(1))
                .fault("cut")
                .healed("cut")
                .unknown(id(1))
                .sent(id(2))
                .handled(id(2));
        assertGood(story, promises().plans("cut", 1, Bite.SEND_UNCONFIRMED));
        assertBreaks(
                Rule.A12_NOT_VACUOUS,
                "cut fired 1 and was healed 1 of 2",
                story,
                promises().plans("cut", 2, Bite.SEND_UNCONFIRMED));
        assertBreaks(
                Rule.A12_NOT_VACUOUS,
                "cut fired 2 and was healed 1 of 2",
                story.fault("cut"),
                promises().plans("cut", 2, Bite.SEND_UNCONFIRMED));
    }

    @Test
    void eachBiteIsSeenWhereItIsAndOnlyThere() {
        for (Bite bite : Bite.values()) {
            assertGood(bitten(bite), bounded().plans("x", 1, bite));
            Story harmless = oneHandled().fault("x").healed("x");
            assertBreaks(
                    Rule.A12_NOT_VACUOUS,
                    "never had " + bite,
                    harmless,
                    bounded().plans("x", 1, bite));
        }
    }

    @Test
    void eachOfTheFaultsBitesWhenThatIsPlanned() {
        Story story = bitten(Bite.SEND_UNCONFIRMED);
        assertGood(story, bounded().plansEach("x", 1, Bite.SEND_UNCONFIRMED));
        assertBreaks(
                Rule.A12_NOT_VACUOUS,
                "x fired 2 times and not each had SEND_UNCONFIRMED",
                story.fault("x").healed("x"),
                bounded().plansEach("x", 1, Bite.SEND_UNCONFIRMED));
    }

    private static ExpectationsBuilder bounded() {
        return promises().duplicatesPer("x", 1);
    }

    private static Story bitten(Bite bite) {
        Story story = oneHandled();
        return switch (bite) {
            case SEND_UNCONFIRMED ->
                story.intent(id(2)).fault("x").unknown(id(2)).healed("x");
            case SEND_UNKNOWN -> story.fault("x").intent(id(2)).unknown(id(2)).healed("x");
            case SEND_REJECTED -> story.fault("x").intent(id(2)).rejected(id(2)).healed("x");
            case HANDLER_RUNNING ->
                story.sent(id(2)).start(id(2)).fault("x").healed("x").ok(id(2));
            case ATTEMPT_FAILED ->
                story.sent(id(2)).fault("x").failed(id(2), 1).healed("x").handled(id(2));
            case REDELIVERED -> story.fault("x").healed("x").handled(id(1));
            case DISRUPTED -> story.fault("x").changed(Change.RECONNECT, "c").healed("x");
            case REVOKED_WHILE_RUNNING ->
                story.sent(id(2))
                        .start(id(2))
                        .fault("x")
                        .changed(Change.REVOKE, "c")
                        .ok(id(2))
                        .healed("x");
        };
    }

    @Test
    void workOfAProcessThatAnEarlierFaultKilledIsNoBite() {
        Story story = oneHandled()
                .intent(id(2))
                .fault("kill")
                .later(Duration.ofSeconds(1))
                .healed("kill")
                .later(Duration.ofSeconds(5))
                .fault("x")
                .healed("x");
        assertBreaks(
                Rule.A12_NOT_VACUOUS,
                "x fired 1 times and never had SEND_UNCONFIRMED",
                story,
                promises().killed("producer").plans("x", 1, Bite.SEND_UNCONFIRMED));
    }

    /** A process whose one handler is held writes nothing, however long the machine stands still. */
    @Test
    void workOfAProcessThatWroteNothingForLongIsABite() {
        Story story = oneHandled()
                .intent(id(2))
                .later(Duration.ofSeconds(5))
                .fault("x")
                .healed("x");
        assertGood(story, promises().killed("producer").plans("x", 1, Bite.SEND_UNCONFIRMED));
    }

    @Test
    void theTextNamesTenMessagesAndCountsTheRest() {
        Story story = new Story();
        for (int seq = 1; seq <= 12; seq++) {
            story.sent(id(seq));
        }
        List<Violation> violations = Checker.check(story.history(), promises().build());
        assertThat(violations).hasSize(1);
        assertThat(violations.get(0).text())
                .startsWith("12 of 12 acknowledged")
                .contains("orders/p/k/10")
                .doesNotContain("orders/p/k/11")
                .endsWith("and 2 more");
    }

    @Test
    void theReportCounts() {
        Story story = onePoisoned().intent(id(3)).unknown(id(3)).intent(id(4)).rejected(id(4));
        story.fault("kill")
                .healed("kill")
                .sent(id(5))
                .handled(id(5))
                .later(Duration.ofSeconds(2))
                .handled(id(2));
        Report report = Report.of(story.history());
        assertThat(report.line())
                .isEqualTo("sent 5, acked 3, rejected 1, unknown 1, handled once 1, duplicates 1, dead letters 1,"
                        + " longest gap 2001 ms, kill back after 2 (max 2) ms");
    }
}
